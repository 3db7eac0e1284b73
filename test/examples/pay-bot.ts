// A bot that gives everybody who writes to it a coin, once: `farthing say bot hello`, and 1.00 comes back.
//   node test/examples/pay-bot.ts farthing://HOST:PORT#KEY bot.key
// The address is the one that farthing-server prints; the key file is made when there is none: it is who the
// bot is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generateKeyPair, keyPairFromSecret, parseAddress, RefusedError, Wallet } from 'farthing';

const [address = '', keyFile = 'bot.key', name = 'bot'] = process.argv.slice(2);
const server = parseAddress(address);
if (server?.key === undefined) {
  throw new Error('usage: pay-bot.ts farthing://HOST:PORT#KEY [KEYFILE] [NAME]');
}
if (!existsSync(keyFile)) {
  writeFileSync(keyFile, generateKeyPair().secretKey, { mode: 0o600, flag: 'wx' });
}

const wallet = await Wallet.connect({
  host: server.host,
  port: server.port,
  serverKey: server.key,
  identity: keyPairFromSecret(readFileSync(keyFile)),
});
await wallet.register(name).catch((error: unknown) => {
  // The bot's own name, from an earlier start; if it is somebody else's, the login says so.
  if (!(error instanceof RefusedError && error.symbol === 'NAME_TAKEN')) {
    throw error;
  }
});
const { currency } = await wallet.login(name, { listen: { port: 0 } });

const coin = 10 ** currency.scale;
const served = new Set<string>();

async function serve(person: string): Promise<void> {
  if (served.has(person)) {
    await wallet.say(person, 'One coin for each is all there is.');
    return;
  }
  served.add(person);
  try {
    const { balance } = await wallet.pay(person, coin, { memo: 'from the bot' });
    console.log(`paid ${person}, ${balance} left`);
  } catch (error) {
    // RefusedError: nothing was paid. Of any other error that is not known, and nobody is paid twice for it.
    if (error instanceof RefusedError) {
      served.delete(person);
    }
    throw error;
  }
}

wallet.on('said', ({ from }) => {
  serve(from).catch((error: unknown) => console.error(`${from}: ${error}`));
});
wallet.on('close', (error) => {
  process.exitCode = error === undefined ? 0 : 1;
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void wallet.exit());
}
console.log(`${name} is here`);
