import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { connect, type KeyPair, type Link, type LinkError, listen } from '../../../src/link/index.ts';
import {
  decodeMessages,
  encodeAgent,
  encodeNotification,
  encodeRequest,
  encodeResult,
  type Message,
  type Response,
} from '../../../src/protocol/index.ts';
import { defer, LOCAL } from './fixtures.ts';

/** A peer of a few lines, honest or not: the link and the protocol, and nothing of the wallet. */
export class BarePeer {
  readonly link: Link;
  readonly heard: Message[] = [];
  readonly closed: Promise<LinkError | undefined>;
  #ids = 0;

  constructor(link: Link) {
    this.link = link;
    link.on('message', (body) => this.heard.push(...decodeMessages(body)));
    this.closed = once(link, 'close').then(([error]) => error as LinkError | undefined);
  }

  /** Dials somebody's peer listener. */
  static async dial(t: TestContext, port: number | undefined, staticKeys: KeyPair): Promise<BarePeer> {
    const link = await connect({
      host: LOCAL,
      port: port ?? 0,
      purpose: 'peer',
      staticKeys,
      suite: 'XX',
      payload: encodeAgent('bare/1'),
    });
    defer(t, () => link.destroy());
    return new BarePeer(link);
  }

  /** The answer to a request: its error code, or 100. */
  async ask(method: string, params: object): Promise<number> {
    this.#ids += 1;
    const id = this.#ids;
    this.link.send(encodeRequest(id, method, params));
    for (;;) {
      const answer = this.heard.find(
        (message): message is Response => message.type === 'response' && message.id === id,
      );
      if (answer !== undefined) {
        return answer.error?.code ?? 100;
      }
      await once(this.link, 'message');
    }
  }

  tell(transfer: object): void {
    this.link.send(encodeNotification('paid', { transfer }));
  }
}

/** A peer listener of a few lines, and how many connections have come to it. */
export interface BareListener {
  readonly port: number;
  /** One `link` for each finished handshake, one `failed` for each other end of it. */
  readonly came: ('link' | 'failed')[];
}

/**
 * A peer listener that answers hello with that name, and takes whatever is said. `answers`: to which requests
 * at all.
 */
export async function listenBare(
  t: TestContext,
  staticKeys: KeyPair,
  name: string,
  answers: (method: string) => boolean = () => true,
): Promise<BareListener> {
  const payload = encodeAgent('bare/1');
  const listener = await listen({ host: LOCAL, port: 0, purpose: 'peer', staticKeys, payload });
  defer(t, () => listener.close());
  const came: BareListener['came'] = [];
  listener.on('failed', () => came.push('failed'));
  listener.on('link', (link) => {
    came.push('link');
    defer(t, () => link.destroy());
    link.on('message', (body) => {
      for (const message of decodeMessages(body)) {
        if (message.type === 'request' && answers(message.method)) {
          link.send(encodeResult(message.id, message.method === 'hello' ? { name } : {}));
        }
      }
    });
  });
  return { port: listener.port, came };
}
