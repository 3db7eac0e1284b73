// An echo over an encrypted link, with nothing of Farthing's payments in it.
//   node test/examples/echo.ts                      listens, and prints its port and its key
//   node test/examples/echo.ts PORT KEY some words  says some words there, and prints what comes back
import { connect, generateKeyPair, listen } from 'farthing/link';

const [port, key, ...words] = process.argv.slice(2);
if (port === undefined || key === undefined) {
  await answer();
} else {
  await ask(Number(port), Buffer.from(key, 'hex'), words.join(' '));
}

/** Sends back whatever comes, to whoever it comes from: `link.remoteKey` says who that is. */
async function answer(): Promise<void> {
  const staticKeys = generateKeyPair();
  const listener = await listen({ host: '127.0.0.1', port: 0, staticKeys });
  listener.on('link', (link) => {
    link.on('message', (body) => link.send(body));
    link.on('close', (error) => console.log(error === undefined ? 'closed' : error.code));
  });
  console.log(listener.port, Buffer.from(staticKeys.publicKey).toString('hex'));
}

/** Whoever listens there must hold the key, or there is no link. A message is at most `MAX_MESSAGE` bytes. */
async function ask(port: number, expectedRemoteKey: Uint8Array, text: string): Promise<void> {
  const link = await connect({ host: '127.0.0.1', port, staticKeys: generateKeyPair(), expectedRemoteKey });
  link.on('message', (body) => {
    console.log(new TextDecoder().decode(body));
    void link.close();
  });
  link.send(new TextEncoder().encode(text));
}
