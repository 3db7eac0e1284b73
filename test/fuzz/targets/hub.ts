import assert from 'node:assert/strict';
import { Ledger } from '../../../src/ledger/index.ts';
import {
  decodeMessage,
  decodeMessages,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  isMethod,
  type Message,
  type Method,
  ProtocolError,
  parseNotification,
  parseParams,
  parseResult,
} from '../../../src/protocol/index.ts';
import type { HubInput, HubOutput, KnownRequest } from '../../hub/support/internals.ts';
import { Hub } from '../../hub/support/internals.ts';
import { type Changes, StoreError } from '../../ledger/support/internals.ts';
import { MemoryStore } from '../../ledger/support/memory-store.ts';
import { OnlineList } from '../../server/support/internals.ts';
import type { Target } from '../target.ts';
import { VOCABULARY } from './messages.ts';

/** Links at once: the low bits of a request's id say which it comes by. Two of them have the same key. */
const LINKS = 4;

/** The bit of a request's id that ends the batch behind it. */
const ENDS_BATCH = 4;

/** The bit of a request's id that makes the commit of its batch fail. */
const COMMIT_FAILS = 8;

/** Books that can be told to fail: nothing of such a commit is kept. */
class FailingStore extends MemoryStore {
  /** Whether the next commit fails. */
  fails = false;

  override async commit(changes: Changes): Promise<void> {
    if (!this.fails) {
      return super.commit(changes);
    }
    this.fails = false;
    throw new StoreError('full', 'no space is left');
  }
}

/** A server without sockets, told by the messages of an input what its clients say. */
class Server {
  readonly #store: FailingStore;
  readonly #ledger: Ledger;
  readonly #hub: Hub;
  readonly #online = new OnlineList();
  readonly #batch: HubInput[] = [];
  /** The connection behind each link; another once the first is gone. */
  readonly #conns: number[] = [];
  #lastConn = 0;
  /** What came of the last requests. */
  readonly words: string[] = [];

  private constructor(store: FailingStore, ledger: Ledger) {
    this.#store = store;
    this.#ledger = ledger;
    this.#hub = new Hub({ ledger, gateways: 1, noRates: true, events: true });
  }

  static async open(): Promise<Server> {
    const store = new FailingStore();
    const server = new Server(store, await Ledger.open(store, { grant: 10_000 }));
    for (let link = 0; link < LINKS; link++) {
      server.#dial(link);
    }
    return server;
  }

  /** What a client says; a client that breaks the protocol loses its link, and dials again. */
  async hear(message: Message): Promise<void> {
    const id = message.type === 'notification' ? message.method.length : message.id;
    const link = id % LINKS;
    if (message.type !== 'request') {
      this.#batch.push({ type: 'closed', conn: this.#conns[link] ?? 0, reason: 'gone' });
      this.#dial(link);
      return;
    }
    this.#batch.push(inputOf(this.#conns[link] ?? 0, message.id, message.method, message.params));
    if ((id & COMMIT_FAILS) !== 0) {
      this.#store.fails = true;
    }
    if ((id & ENDS_BATCH) !== 0) {
      await this.execute();
    }
  }

  async execute(): Promise<void> {
    const batch = this.#batch.splice(0);
    const requests = batch.filter((input): input is KnownRequest => 'id' in input);
    const { outputs } = await this.#hub.execute(batch, 1_700_000_000_000);
    const answers = outputs.flat().filter((output) => 'id' in output);
    assert.deepEqual(
      answers.map(({ conn, id }) => [conn, id]),
      requests.map(({ conn, id }) => [conn, id]),
      'every request is answered, in order',
    );
    const methods = requests.map((request) => request.method);
    for (const output of outputs.flat()) {
      this.#tell(output, methods);
    }
    assert.equal(this.#online.size, this.#hub.online);
  }

  /** Every balance can be accounted for, and their sum is zero. */
  async audit(): Promise<void> {
    const { problems } = await this.#ledger.audit();
    assert.deepEqual(problems, []);
  }

  #dial(link: number): void {
    this.#lastConn++;
    this.#conns[link] = this.#lastConn;
    const key = new Uint8Array(32).fill(1 + (link % 3));
    this.#batch.push({
      type: 'opened',
      conn: this.#lastConn,
      gateway: 0,
      key,
      host: '192.0.2.1',
      network: '192.0.2.1',
    });
  }

  /** What the hub says is what a client believes. */
  #tell(output: HubOutput, methods: (Method | undefined)[]): void {
    if (output.type === 'arrived') {
      this.#online.arrived(output.entry);
    } else if (output.type === 'departed') {
      this.#online.departed(output.name);
    } else if (output.type === 'push') {
      const [message] = decodeMessages(encodeNotification(output.method, output.params));
      assert.ok(message?.type === 'notification');
      assert.ok(parseNotification(message.method, message.params) !== undefined);
    } else if (output.type === 'refusal') {
      decodeMessages(encodeError(output.id, output.error));
      this.words.push(`${methods.shift()} ${output.error}`);
    } else if (output.type !== 'close') {
      const method = methods.shift();
      const result =
        output.type === 'reply'
          ? output.result
          : { ...output.view, online: this.#online.shownTo(output.view.name) };
      const [message] = decodeMessages(encodeResult(output.id, result));
      assert.ok(method !== undefined && message?.type === 'response' && message.result !== null);
      parseResult(method, message.result);
      this.words.push(method);
    }
  }
}

/** As a connection hands a request on. */
function inputOf(conn: number, id: number, method: string, map: Readonly<Record<string, unknown>>): HubInput {
  if (!isMethod(method)) {
    return { type: 'unknown', conn, id };
  }
  const parsed = parseParams(method, map);
  return { type: 'request', conn, id, method, params: parsed.ok ? parsed.params : null } as KnownRequest;
}

/** The ledger without its store. */
const RULES = ['ledger/ledger.ts', 'ledger/books/', 'ledger/rules/', 'ledger/audit/'];

/** The messages of an input. What is none is passed over, up to the next head of an array. */
function messagesIn(input: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < input.length; ) {
    try {
      const { message, end } = decodeMessage(input, at);
      messages.push(message);
      at = end;
    } catch (error) {
      if (!(error instanceof ProtocolError)) {
        throw error;
      }
      do {
        at++;
      } while (at < input.length && input[at] !== 0x94 && input[at] !== 0x93);
    }
  }
  return messages;
}

const order = new Uint8Array(16).fill(7);
const ann = [
  encodeRequest(0, 'register', { name: 'ann' }),
  encodeRequest(0, 'login', { name: 'ann', port: 0 }),
];
const ben = [
  encodeRequest(1, 'register', { name: 'ben' }),
  encodeRequest(5, 'login', { name: 'ben', port: 99 }),
];
const pay = encodeRequest(4, 'pay', { to: 'ben', amount: 1, id: order });
const befriend = [
  encodeRequest(0, 'befriend', { name: 'ben' }),
  encodeRequest(5, 'befriend', { name: 'ann' }),
];
const both = [...ann, ...ben];

function script(...messages: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(messages));
}

/**
 * A whole server without sockets: whatever its clients say, it answers every request, and the sum of all
 * money is zero.
 */
export const hub: Target = {
  name: 'hub',
  covers: ['hub/', ...RULES],
  maxLength: 1_024,
  dictionary: [
    ...VOCABULARY,
    ...both,
    ...befriend,
    pay,
    ...[0, 4, 12].flatMap((id) => [
      encodeRequest(id, 'exit', {}),
      encodeRequest(id + 1, 'list', {}),
      encodeRequest(id, 'history', { limit: 1 }),
      encodeRequest(id, 'friends', {}),
      encodeRequest(id, 'unfriend', { name: 'ben' }),
      encodeRequest(id, 'lookup', { name: 'ben' }),
      encodeRequest(id + 3, 'login', { name: 'ann', port: 1 }),
      encodeRequest(id, 'pay', { to: 'ben', amount: 9_999, id: order.with(0, id) }),
      encodeRequest(id, 'pay', { to: 'ann', amount: id, id: order, memo: 'é' }),
      encodeNotification('x'.repeat(id), {}),
    ]),
  ].map((bytes) => new Uint8Array(bytes)),
  seeds: [
    script(...both, pay, encodeRequest(4, 'pay', { to: 'ben', amount: 10_000, id: order.with(0, 1) })),
    script(...both, pay, pay),
    script(...both, ...befriend, encodeRequest(1, 'exit', {})),
    script(...ann, pay),
  ],
  async run(input) {
    const server = await Server.open();
    for (const message of messagesIn(input)) {
      await server.hear(message);
    }
    await server.execute();
    await server.audit();
    return server.words.at(-1) ?? 'nothing';
  },
};
