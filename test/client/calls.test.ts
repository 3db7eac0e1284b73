import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { Link } from '../../src/link/index.ts';
import {
  decodeMessages,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  type Fields,
  MAX_ID,
  type Message,
  ProtocolError,
} from '../../src/protocol/index.ts';
import { HIGH_WATER } from '../link/support/internals.ts';
import { linkPair } from './support/fixtures.ts';
import { type CallHandlers, Calls, freeId, type Reply } from './support/internals.ts';

const SILENT: CallHandlers = {
  request: () => ({ error: 'BAD_REQUEST' }),
  notification: () => {},
};

interface Bench {
  readonly calls: Calls;
  readonly near: Link;
  /** The other end, bare. */
  readonly far: Link;
  /** What has come there. */
  readonly heard: Message[];
  /** Resolves when that many messages have come there. */
  until(count: number): Promise<void>;
}

async function bench(
  t: TestContext,
  handlers: Partial<CallHandlers> = {},
  { most = 8, firstId = 1 } = {},
): Promise<Bench> {
  const { near, far } = await linkPair(t);
  const heard: Message[] = [];
  far.on('message', (body) => heard.push(...decodeMessages(body)));
  const until = async (count: number) => {
    while (heard.length < count) {
      await once(far, 'message');
    }
  };
  return { calls: new Calls(near, { ...SILENT, ...handlers }, most, firstId), near, far, heard, until };
}

const ids = (heard: readonly Message[]) =>
  heard.map((message) => (message.type === 'notification' ? -1 : message.id));
const same = (result: Fields) => result;

test('answers find their requests, in whatever order they come', async (t) => {
  const { calls, far, heard, until } = await bench(t);
  const asked = [
    calls.request('a', {}, same),
    calls.request('b', { x: 1 }, same),
    calls.request('c', {}, same),
  ];
  await until(3);
  assert.deepEqual(heard[1], { type: 'request', id: 2, method: 'b', params: { x: 1 } });
  for (const id of [3, 1]) {
    far.send(encodeResult(id, { id }));
  }
  far.send(encodeError(2, 'PAYEE_OFFLINE'));
  const refused = {
    name: 'RefusedError',
    code: 311,
    symbol: 'PAYEE_OFFLINE',
    message: 'FAIL: Payee is not online',
  };
  await assert.rejects(asked[1] ?? Promise.resolve(), refused);
  assert.deepEqual(await asked[0], { id: 1 });
  assert.deepEqual(await asked[2], { id: 3 });
  assert.equal(calls.open, 0);
});

test('ids go round at the end of u32', async (t) => {
  const { calls, far, heard, until } = await bench(t, {}, { firstId: MAX_ID - 1 });
  const asked = ['a', 'b', 'c'].map((method) => calls.request(method, {}, same));
  await until(3);
  assert.deepEqual(ids(heard), [MAX_ID - 1, MAX_ID, 0]);
  for (const id of [0, MAX_ID, MAX_ID - 1]) {
    far.send(encodeResult(id, {}));
  }
  await Promise.all(asked);
});

test('ids that are open are passed over', () => {
  const open = new Map([MAX_ID - 1, MAX_ID, 0, 2].map((id) => [id, true]));
  assert.deepEqual(
    [MAX_ID - 2, MAX_ID - 1, 0, 1, 2].map((from) => freeId(from, open)),
    [MAX_ID - 2, 1, 1, 1, 3],
  );
});

test('no more are open than are allowed, and one more may be once one is answered', async (t) => {
  const { calls, far, until } = await bench(t, {}, { most: 2 });
  const first = calls.request('a', {}, same);
  const second = calls.request('b', {}, same);
  await assert.rejects(calls.request('c', {}, same), { name: 'BusyError' });
  await until(2);
  far.send(encodeResult(1, {}));
  await first;
  const third = calls.request('c', {}, same);
  await until(3);
  far.send(Buffer.concat([encodeResult(2, {}), encodeResult(3, {})]));
  await Promise.all([second, third]);
});

test('parameters that no message can carry are refused and leave nothing open', async (t) => {
  const { calls } = await bench(t);
  await assert.rejects(calls.request('a', { x: 1.5 }, same), TypeError);
  await assert.rejects(calls.request('a', { x: 'x'.repeat(70_000) }, same), RangeError);
  assert.equal(calls.open, 0);
});

for (const [how, end] of Object.entries({
  'the other side closes in order': (far: Link) => far.close(),
  'the connection breaks': (far: Link) => far.destroy(),
})) {
  test(`${how}: what is open is unknown, what comes later is not sent`, async (t) => {
    const { calls, near, far, until } = await bench(t);
    const asked = calls.request('a', {}, same);
    const closed = once(near, 'close');
    await until(1);
    await Promise.all([assert.rejects(asked, { name: 'OutcomeUnknownError', id: undefined }), end(far)]);
    await assert.rejects(calls.request('b', {}, same), { name: 'NotConnectedError' });
    await closed;
    await assert.rejects(calls.request('b', {}, same), { name: 'NotConnectedError' });
    assert.equal(calls.over, true);
  });
}

const breaches: Record<string, Uint8Array> = {
  'an answer to nothing': encodeResult(77, {}),
  'an answer twice': Buffer.concat([encodeResult(1, { fine: true }), encodeResult(1, { fine: true })]),
  'a result that the reader refuses': encodeResult(1, { fine: false }),
  'a notification that the reader refuses': encodeNotification('bad', {}),
  'a request that the reader refuses': encodeRequest(1, 'bad', {}),
  'no message at all': Uint8Array.of(0xc1),
};
for (const [what, bytes] of Object.entries(breaches)) {
  test(`${what}: the link ends`, async (t) => {
    const refuse = (method: string): Reply => {
      if (method === 'bad') {
        throw new ProtocolError('bad_params');
      }
      return { result: {} };
    };
    const { calls, near, far, until } = await bench(t, {
      request: refuse,
      notification: (method) => void refuse(method),
    });
    const parse = (result: Fields) => {
      if (result['fine'] !== true) {
        throw new ProtocolError('bad_result');
      }
    };
    const asked = calls.request('a', {}, parse);
    const other = assert.rejects(calls.request('b', {}, parse), { name: 'OutcomeUnknownError' });
    const closed = once(near, 'close');
    await until(2);
    far.send(bytes);
    await Promise.all([asked.catch(() => {}), other]);
    const [error] = (await closed) as [Error & { code: string }];
    assert.equal(error.code, 'bad_message');
    assert.ok(error.cause instanceof ProtocolError);
  });
}

test('requests are answered in their order, and wait behind one whose answer is not there yet', async (t) => {
  const order: string[] = [];
  const later = Promise.withResolvers<Reply>();
  const { far, heard, until } = await bench(t, {
    request: (method) => {
      order.push(method);
      return method === 'slow' ? later.promise : { result: { method } };
    },
    notification: (method) => void order.push(method),
  });
  far.send(encodeRequest(7, 'slow', {}));
  far.send(encodeNotification('news', {}));
  far.send(encodeRequest(8, 'fast', {}));
  while (order.length === 0) {
    await new Promise(setImmediate);
  }
  far.send(encodeRequest(9, 'fast', {}));
  await new Promise(setImmediate);
  assert.deepEqual(order, ['slow']);
  later.resolve({ error: 'AUTH_FAIL' });
  await until(3);
  assert.deepEqual(order, ['slow', 'news', 'fast', 'fast']);
  assert.deepEqual(ids(heard), [7, 8, 9]);
  assert.equal(heard[0]?.type === 'response' && heard[0].error?.code, 220);
});

test('while an answer is awaited, nothing more is read', async (t) => {
  const later = Promise.withResolvers<Reply>();
  const { far, until } = await bench(t, { request: () => later.promise });
  const count = 220;
  for (let id = 0; id < count; id++) {
    far.send(encodeRequest(id, 'x', { pad: 'p'.repeat(60_000) }));
  }
  // As long as it takes for the system's own buffers to be full.
  for (let turn = 0; turn < 500; turn++) {
    await new Promise(setImmediate);
  }
  assert.ok(far.queuedBytes > 0);
  later.resolve({ result: {} });
  await until(count);
});

test('an answer that closes is the last one', async (t) => {
  const asked: string[] = [];
  const { near, far, heard } = await bench(t, {
    request: (method) => {
      asked.push(method);
      return { error: 'AUTH_FAIL', close: true };
    },
  });
  const closed = once(near, 'close');
  for (const id of [1, 2, 3]) {
    far.send(encodeRequest(id, 'x', {}));
  }
  assert.deepEqual(await closed, [undefined]);
  assert.deepEqual(asked, ['x']);
  assert.deepEqual(ids(heard), [1]);
});

test('who does not read our answers is not read either, and loses nothing', async (t) => {
  const answer = { text: 'x'.repeat(60_000) };
  let asked = 0;
  const { near, far, heard, until } = await bench(t, {
    request: () => {
      asked += 1;
      return { result: answer };
    },
  });
  const count = 400;
  far.pause();
  for (let id = 0; id < count; id++) {
    far.send(encodeRequest(id, 'x', { pad: 'p'.repeat(10_000) }));
  }
  // Until it has come to a stop: so many turns in which one who read on would be seen to do so.
  for (let still = 0, before = -1; still < 500; still = asked === before ? still + 1 : 0) {
    before = asked;
    await new Promise(setImmediate);
  }
  assert.ok(asked < count);
  assert.ok(near.queuedBytes < 2 * HIGH_WATER);
  far.resume();
  await until(count);
  assert.deepEqual(
    ids(heard),
    Array.from({ length: count }, (_, id) => id),
  );
});
