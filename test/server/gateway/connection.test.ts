import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { connect, generateKeyPair, type Link, listen } from '../../../src/link/index.ts';
import {
  decodeMessages,
  encodeNotification,
  encodeRequest,
  encodeResult,
  type Message,
} from '../../../src/protocol/index.ts';
import type { HubInput } from '../../hub/support/internals.ts';
import { orderId } from '../../hub/support/town.ts';
import {
  Connection,
  HEAVY_WEIGHT,
  MAX_OPEN_WEIGHT,
  MAX_READ_AT_ONCE,
  OnlineList,
  STALL_LIMIT_MS,
} from '../support/internals.ts';

const ONLINE = new OnlineList();

/** A connection on one end of a real link, whose hub is the test; the other end is the client. */
class Bench {
  readonly connection: Connection;
  readonly client: Link;
  readonly server: Link;
  readonly inputs: HubInput[] = [];
  readonly answers: Message[] = [];
  #heard: () => void = () => {};

  private constructor(server: Link, client: Link) {
    this.server = server;
    this.client = client;
    this.connection = new Connection(1, server, (input) => {
      this.inputs.push(input);
      this.#heard();
    });
  }

  static async open(t: TestContext): Promise<Bench> {
    const keys = generateKeyPair();
    const end = { purpose: 'server', staticKeys: keys, payload: new Uint8Array(0) } as const;
    const listener = await listen({ ...end, host: '127.0.0.1', port: 0 });
    const accepted = once(listener, 'link');
    const client = await connect({ ...end, host: '127.0.0.1', port: listener.port, suite: 'XX' });
    const [server] = (await accepted) as [Link];
    const bench = new Bench(server, client);
    t.after(() => {
      client.destroy();
      server.destroy();
      listener.close();
    });
    return bench;
  }

  /** The client reads from now on. */
  listen(): void {
    this.client.on('message', (body) => {
      this.answers.push(...decodeMessages(body));
      this.#heard();
    });
  }

  /** Resolves when the condition holds, looked at whenever something comes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Answers what is open, each with so long a text, until the system takes no more. */
  answerUntilClogged(text: string): void {
    for (const input of this.inputs) {
      if (this.server.queuedBytes > CLOGGED) {
        return;
      }
      this.answerTo(input, { text });
    }
  }

  answerTo(input: HubInput | undefined, result: object = {}): void {
    assert.ok(input?.type === 'request' || input?.type === 'unknown');
    const bytes = encodeResult(input.id, result);
    this.connection.deliver({ type: 'message', conn: 1, answers: input.id, bytes }, ONLINE);
  }
}

/** Messages of 60 kB that the system's buffers for one connection do not hold by far. */
const MANY = 200;

/**
 * Bytes that the system has not taken: above where a link asks for a pause, below where the server gives up.
 */
const CLOGGED = 2_000_000;

describe('what a client sends', () => {
  test('well-formed, malformed and unknown requests go to the hub, in order', async (t) => {
    const bench = await Bench.open(t);
    bench.client.send(encodeRequest(7, 'pay', { to: 'Bob', amount: 5, id: orderId(1), extra: true }));
    bench.client.send(encodeRequest(8, 'pay', { to: 'bob' }));
    bench.client.send(encodeRequest(9, '__proto__', {}));
    bench.client.send(encodeRequest(10, 'constructor', {}));
    await bench.until(() => bench.inputs.length === 4);
    const id = orderId(1);
    assert.deepEqual(bench.inputs, [
      { type: 'request', conn: 1, id: 7, method: 'pay', params: { to: 'bob', amount: 5, id, memo: '' } },
      { type: 'request', conn: 1, id: 8, method: 'pay', params: null },
      { type: 'unknown', conn: 1, id: 9 },
      { type: 'unknown', conn: 1, id: 10 },
    ]);
  });

  test('an order id owns its memory: nothing else travels between the threads with it', async (t) => {
    const bench = await Bench.open(t);
    bench.client.send(encodeRequest(1, 'pay', { to: 'bob', amount: 5, id: orderId(1) }));
    await bench.until(() => bench.inputs.length === 1);
    const [input] = bench.inputs;
    assert.ok(input?.type === 'request' && input.method === 'pay' && input.params !== null);
    assert.equal(input.params.id.buffer.byteLength, 16);
  });

  test('a second request under an open id gets 400, the first its answer; then the id is free', async (t) => {
    const bench = await Bench.open(t);
    bench.listen();
    bench.client.send(encodeRequest(1, 'list', {}));
    bench.client.send(encodeRequest(1, 'list', {}));
    await bench.until(() => bench.answers.length === 1);
    assert.equal(bench.inputs.length, 1);
    bench.answerTo(bench.inputs[0], { first: true });
    bench.client.send(encodeRequest(1, 'friends', {}));
    await bench.until(() => bench.answers.length === 2 && bench.inputs.length === 2);
    const [second, first] = bench.answers;
    assert.ok(second?.type === 'response' && second.error?.name === 'BAD_REQUEST');
    assert.ok(first?.type === 'response' && first.result?.['first'] === true);
  });

  test('a notification is ignored', async (t) => {
    const bench = await Bench.open(t);
    bench.client.send(encodeNotification('paid', {}));
    bench.client.send(encodeRequest(1, 'list', {}));
    await bench.until(() => bench.inputs.length === 1);
  });

  for (const [what, bytes] of [
    ['an answer to nothing', encodeResult(1, {})],
    ['no message', new Uint8Array([0xc0])],
    ['half a message', encodeRequest(1, 'list', {}).slice(0, -1)],
  ] as const) {
    test(`${what} ends the link`, async (t) => {
      const bench = await Bench.open(t);
      const closed = once(bench.server, 'close');
      bench.client.send(bytes);
      const [error] = await closed;
      assert.equal(error.code, 'bad_message');
      assert.deepEqual(bench.inputs, []);
    });
  }
});

describe('how much a client may have under way', () => {
  test('what does not fit waits, and nothing is lost or out of order', async (t) => {
    const bench = await Bench.open(t);
    bench.listen();
    const total = 10 * MAX_OPEN_WEIGHT + 3;
    for (let id = 0; id < total; id++) {
      bench.client.send(encodeRequest(id, 'lookup', { name: 'bob' }));
    }
    let answered = 0;
    while (answered < total) {
      await bench.until(() => bench.inputs.length > answered);
      assert.ok(bench.connection.open <= MAX_OPEN_WEIGHT);
      bench.answerTo(bench.inputs[answered++]);
    }
    await bench.until(() => bench.answers.length === total);
    const ids = bench.answers.map((message) => (message.type === 'response' ? message.id : -1));
    assert.deepEqual(
      ids,
      Array.from({ length: total }, (_, id) => id),
    );
  });

  test('requests with long answers weigh more', async (t) => {
    const bench = await Bench.open(t);
    const room = MAX_OPEN_WEIGHT / HEAVY_WEIGHT;
    for (let id = 0; id < 2 * room; id++) {
      bench.client.send(encodeRequest(id, 'history', {}));
    }
    await bench.until(() => bench.inputs.length >= room);
    assert.equal(bench.connection.open, room);
    bench.answerTo(bench.inputs[0]);
    assert.equal(bench.inputs.length, room + 1);
  });

  test('one that does not read its answers is read no further, then given up', async (t) => {
    const bench = await Bench.open(t);
    const closed = once(bench.server, 'close');
    const text = 'x'.repeat(60_000);
    for (let id = 0; id < MANY; id++) {
      bench.client.send(encodeRequest(id, 'lookup', { name: 'bob' }));
    }
    await bench.until(() => bench.inputs.length === MANY);
    // Nothing reads on the other end, so what the system does not take stays queued.
    bench.answerUntilClogged(text);
    assert.ok(bench.server.queuedBytes > CLOGGED);
    bench.connection.sweep(1_000);
    bench.connection.sweep(1_000 + STALL_LIMIT_MS - 1);
    assert.equal(bench.server.closed, false);
    bench.connection.sweep(1_000 + STALL_LIMIT_MS);
    const [error] = await closed;
    assert.equal(error.code, 'overflow');
  });

  test('one that reads again goes on', async (t) => {
    const bench = await Bench.open(t);
    const text = 'x'.repeat(60_000);
    for (let id = 0; id < MANY; id++) {
      bench.client.send(encodeRequest(id, 'lookup', { name: 'bob' }));
    }
    await bench.until(() => bench.inputs.length === MANY);
    bench.answerUntilClogged(text);
    bench.connection.sweep(1_000);
    bench.client.send(encodeRequest(MANY, 'list', {}));
    bench.listen();
    await bench.until(() => bench.inputs.length === MANY + 1);
    bench.connection.sweep(1_000 + STALL_LIMIT_MS);
    assert.equal(bench.server.closed, false);
  });

  test('notifications that pile up unread end the link', async (t) => {
    const bench = await Bench.open(t);
    const closed = once(bench.server, 'close');
    const bytes = encodeNotification('notice', { text: 'x'.repeat(60_000) });
    const push = { type: 'message', conn: 1, answers: undefined, bytes } as const;
    for (let count = 0; count < 2 * MANY; count++) {
      bench.connection.deliver(push, ONLINE);
    }
    const [error] = await closed;
    assert.equal(error.code, 'overflow');
  });
});

describe('a link that is over', () => {
  test('nothing of a record that waited reaches the hub behind the news that the link is gone', async (t) => {
    const bench = await Bench.open(t);
    const closed = once(bench.server, 'close');
    const note = encodeNotification('x', {});
    const pieces = [encodeRequest(1, 'list', {})];
    // Far more than is read at once, and a request at the end.
    for (let each = 0; each < 4 * MAX_READ_AT_ONCE; each++) {
      pieces.push(note);
    }
    pieces.push(encodeRequest(2, 'list', {}));
    bench.client.send(Buffer.concat(pieces));
    await bench.until(() => bench.inputs.length === 1);
    bench.server.destroy();
    await closed;
    for (let turn = 0; turn < 20; turn++) {
      await new Promise(setImmediate);
    }
    assert.equal(bench.inputs.length, 1);
  });
});

describe('the end', () => {
  test('after CLOSE of the client what is open is answered, then comes ours', async (t) => {
    const bench = await Bench.open(t);
    bench.listen();
    bench.client.send(encodeRequest(1, 'list', {}));
    const closed = once(bench.client, 'close');
    void bench.client.close();
    const ended = once(bench.server, 'end');
    await bench.until(() => bench.inputs.length === 1);
    await ended;
    bench.answerTo(bench.inputs[0]);
    assert.deepEqual(await closed, [undefined]);
    assert.equal(bench.answers.length, 1);
  });

  test('after close by the hub what is open is still answered, and nothing more is taken', async (t) => {
    const bench = await Bench.open(t);
    bench.listen();
    const closed = once(bench.client, 'close');
    bench.client.send(encodeRequest(1, 'exit', {}));
    bench.client.send(encodeRequest(2, 'list', {}));
    await bench.until(() => bench.inputs.length === 2);
    bench.connection.deliver({ type: 'close', conn: 1 }, ONLINE);
    bench.client.send(encodeRequest(3, 'list', {}));
    bench.answerTo(bench.inputs[0]);
    bench.answerTo(bench.inputs[1]);
    assert.deepEqual(await closed, [undefined]);
    assert.equal(bench.answers.length, 2);
    assert.equal(bench.inputs.length, 2);
  });
});
