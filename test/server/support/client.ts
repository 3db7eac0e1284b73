import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  connect,
  generateKeyPair,
  type KeyPair,
  type Link,
  type LinkError,
  type Suite,
} from '../../../src/link/index.ts';
import {
  decodeMessages,
  encodeAgent,
  encodeRequest,
  type Message,
  type Response,
} from '../../../src/protocol/index.ts';

export interface ClientOptions {
  readonly staticKeys?: KeyPair;
  readonly suite?: Suite;
}

/** Where a client dials, and which key it requires. */
export interface Target {
  readonly port: number;
  readonly key: Uint8Array;
}

/** A client of a few lines: the link and the protocol, and nothing of the wallet. */
export class Client {
  readonly link: Link;
  readonly keys: KeyPair;
  /** Every answer by the id of its request. */
  readonly answers = new Map<number, Response>();
  /** Notifications in the order of their coming, as method and parameters. */
  readonly told: [string, Readonly<Record<string, unknown>>][] = [];
  /** The end of the link, and what it was like. */
  readonly closed: Promise<LinkError | undefined>;
  readonly #waiting = new Map<number, (response: Response) => void>();
  #heard: () => void = () => {};
  #ids = 0;

  private constructor(link: Link, keys: KeyPair) {
    this.link = link;
    this.keys = keys;
    link.on('message', (body) => {
      for (const message of decodeMessages(body)) {
        this.#take(message);
      }
      this.#heard();
    });
    this.closed = once(link, 'close').then(([error]) => error as LinkError | undefined);
  }

  static async connect(target: Target, options: ClientOptions = {}): Promise<Client> {
    const { staticKeys = generateKeyPair(), suite = 'XXhfs' } = options;
    const link = await connect({
      host: '127.0.0.1',
      port: target.port,
      purpose: 'server',
      staticKeys,
      suite,
      payload: encodeAgent('test/1'),
      expectedRemoteKey: target.key,
    });
    return new Client(link, staticKeys);
  }

  /** A client that has registered and logged in. */
  static async member(target: Target, name: string, options: ClientOptions = {}): Promise<Client> {
    const client = await Client.connect(target, options);
    const answers = await Promise.all([
      client.ask('register', { name }),
      client.ask('login', { name, port: 0 }),
    ]);
    assert.deepEqual(answers.map(codeOf), [100, 100]);
    return client;
  }

  /** Sends a request. Rejects when the link ends before the answer. */
  ask(method: string, params: object = {}): Promise<Response> {
    this.#ids += 1;
    return this.askAs(this.#ids, method, params);
  }

  askAs(id: number, method: string, params: object): Promise<Response> {
    const answered = new Promise<Response>((resolve) => this.#waiting.set(id, resolve));
    this.link.send(encodeRequest(id, method, params));
    const broken = this.closed.then((error) =>
      Promise.reject(error ?? new Error('closed before the answer')),
    );
    return Promise.race([answered, broken]);
  }

  /** Resolves when a notification of this method has come. */
  async heard(method: string): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const found = this.told.find(([told]) => told === method);
      if (found !== undefined) {
        return found[1];
      }
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  #take(message: Message): void {
    if (message.type === 'notification') {
      this.told.push([message.method, message.params]);
    }
    if (message.type !== 'response') {
      return;
    }
    assert.ok(!this.answers.has(message.id), `one answer to request ${message.id}`);
    this.answers.set(message.id, message);
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }
}

/** The error code of an answer, or 100. */
export function codeOf(response: Response): number {
  return response.error === null ? 100 : response.error.code;
}

/** The result of an answer that must have one. */
export function resultOf(response: Response): Readonly<Record<string, unknown>> {
  assert.equal(response.error, null);
  return response.result ?? {};
}
