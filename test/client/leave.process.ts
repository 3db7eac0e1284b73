/**
 * A wallet in a process of its own: `node leave.process.ts PORT KEY exit|close|lost`. It chats, pays and is
 * paid, says `ready`, and leaves. It never calls process.exit: whatever the wallet leaves behind keeps it
 * alive.
 */
import { once } from 'node:events';
import { Wallet } from '../../src/client/index.ts';
import { generateKeyPair } from '../../src/link/index.ts';

const [, , port, key = '', how] = process.argv;
const wallet = await Wallet.connect({
  host: '127.0.0.1',
  port: Number(port),
  serverKey: Buffer.from(key, 'hex'),
  identity: generateKeyPair(),
});
await wallet.register('alice');
await wallet.login('alice', { listen: { host: '127.0.0.1', port: 0 } });
await wallet.say('bob', 'hello');
const confirmed = once(wallet, 'paid');
await (await wallet.pay('bob', 1)).delivery;
await confirmed;
process.stdout.write('ready\n');

if (how === 'exit') {
  await wallet.exit();
}
if (how === 'close') {
  await wallet.close();
}
if (how === 'lost') {
  await once(wallet, 'retrying');
  const waiting = wallet.pay('bob', 1).catch(() => {});
  await wallet.close();
  await waiting;
}
