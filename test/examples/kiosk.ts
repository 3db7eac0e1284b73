// A kiosk's display: it shows what is paid to it, when the server has confirmed it, and adds it up.
//   node test/examples/kiosk.ts farthing://HOST:PORT#KEY kiosk.key NAME
// The key file holds the 32 bytes of a secret key; pay-bot.ts shows how one is made and its name registered.
import { readFileSync } from 'node:fs';
import { keyPairFromSecret, parseAddress, Wallet } from 'farthing';

const [address = '', keyFile = '', name = ''] = process.argv.slice(2);
const server = parseAddress(address);
if (server?.key === undefined || name === '') {
  throw new Error('usage: kiosk.ts farthing://HOST:PORT#KEY KEYFILE NAME');
}

const wallet = await Wallet.connect({
  host: server.host,
  port: server.port,
  serverKey: server.key,
  identity: keyPairFromSecret(readFileSync(keyFile)),
});
const { currency } = await wallet.login(name, { listen: { port: 0 } });

/** 1250 is 12.50 where the currency has two decimals. */
function money(amount: number): string {
  return `${(amount / 10 ** currency.scale).toFixed(currency.scale)} ${currency.name}`;
}

let total = 0;
wallet.on('paid', ({ transfer: { from, amount, memo } }) => {
  total += amount;
  // A memo is another person's text: JSON leaves nothing in it that could steer a terminal.
  console.log(`${from} paid ${money(amount)} for ${JSON.stringify(memo)}, together ${money(total)}`);
});
// The payer says so, the server has not yet: no goods for that.
wallet.on('unconfirmed', ({ transfer: { from } }) => console.log(`${from} is paying …`));
wallet.on('lost', () => console.log('The server cannot be reached: take nothing on trust.'));
wallet.on('restored', () => console.log('The server is back.'));
wallet.on('close', (error) => {
  process.exitCode = error === undefined ? 0 : 1;
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void wallet.exit());
}
console.log(`${name} is open`);
