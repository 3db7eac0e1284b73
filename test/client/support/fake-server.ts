import type { TestContext } from 'node:test';
import { generateKeyPair, type KeyPair, type Link, listen } from '../../../src/link/index.ts';
import { decodeMessages, encodeAgent, encodeResult, type Message, OK } from '../../../src/protocol/index.ts';
import { defer, LOCAL, type Target } from './fixtures.ts';

/** What a fake server does with each message of a client. */
export type Script = (message: Message, link: Link) => void;

/** A server of a few lines that does whatever a test wants of it. `links`: those that are open. */
export async function startFake(
  t: TestContext,
  script: Script,
  {
    keys = generateKeyPair(),
    payload = encodeAgent('fake/1'),
  }: { keys?: KeyPair; payload?: Uint8Array } = {},
): Promise<Target & { readonly links: ReadonlySet<Link> }> {
  const listener = await listen({ host: LOCAL, port: 0, purpose: 'server', staticKeys: keys, payload });
  const links = new Set<Link>();
  listener.on('link', (link) => {
    links.add(link);
    link.on('close', () => links.delete(link));
    link.on('message', (body) => {
      for (const message of decodeMessages(body)) {
        script(message, link);
      }
    });
  });
  defer(t, () => {
    listener.close();
    for (const link of links) {
      link.destroy();
    }
  });
  return { port: listener.port, key: keys.publicKey, links };
}

/** The result of a good login as alice. */
export const VIEW = { ...OK, name: 'alice', balance: 5, currency: { name: 'dollars', scale: 2 }, online: [] };

/** Logs everybody in as alice, and hands on everything else. */
export function afterLogin(script: Script): Script {
  return (message, link) => {
    if (message.type === 'request' && message.method === 'login') {
      link.send(encodeResult(message.id, VIEW));
    } else {
      script(message, link);
    }
  };
}
