// What holds for every message and every accepted sequence of bytes.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import {
  decodeMessages,
  ERRORS,
  type ErrorName,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  errorMap,
  type Message,
  ProtocolError,
} from '../../src/protocol/index.ts';
import { channelPair, flushed } from '../link/support/pipe.ts';
import { anyText, METHODS, NOTIFICATIONS, PEER_METHODS } from './support/arbitraries.ts';

const anyId = fc.oneof(
  fc.nat(0xffff_ffff),
  fc.constantFrom(0, 127, 128, 255, 256, 65_535, 65_536, 0xffff_ffff),
);

const calls = [...Object.entries(METHODS), ...Object.entries(PEER_METHODS)] as [
  string,
  { params: Arbitrary<object>; result: Arbitrary<object> },
][];

const anyRequest = fc.oneof(
  ...calls.map(([method, { params }]) =>
    fc
      .tuple(anyId, params)
      .map(([id, params]): Message => ({ type: 'request', id, method, params: { ...params } })),
  ),
);
const anyResult = fc.oneof(
  ...calls.map(([, { result }]) =>
    fc
      .tuple(anyId, result)
      .map(([id, result]): Message => ({ type: 'response', id, error: null, result: { ...result } })),
  ),
);
const anyErrorMap = fc.oneof(
  fc.constantFrom(...(Object.keys(ERRORS) as ErrorName[])).map((name) => errorMap(name)),
  fc.record({ code: fc.integer(), name: anyText, text: anyText }, { noNullPrototype: true }),
);
const anyError = fc
  .tuple(anyId, anyErrorMap)
  .map(([id, error]): Message => ({ type: 'response', id, error, result: null }));
const anyNotification = fc.oneof(
  ...(Object.entries(NOTIFICATIONS) as [string, Arbitrary<object>][]).map(([method, anyParams]) =>
    anyParams.map((params): Message => ({ type: 'notification', method, params: { ...params } })),
  ),
);
const anyMessage = fc.oneof(anyRequest, anyResult, anyError, anyNotification);

function encode(message: Message): Uint8Array {
  if (message.type === 'request') {
    return encodeRequest(message.id, message.method, message.params);
  }
  if (message.type === 'notification') {
    return encodeNotification(message.method, message.params);
  }
  if (message.error !== null) {
    return encodeError(message.id, message.error);
  }
  return encodeResult(message.id, message.result);
}

test('every message of the protocol comes back as it was sent, alone and among others', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 8 }), (messages) => {
      assert.deepEqual(decodeMessages(Buffer.concat(messages.map(encode))), messages);
    }),
    { numRuns: 500 },
  );
});

test('whatever bytes are accepted as messages are written again as they were', () => {
  const seen = { accepted: 0, changed: 0 };
  const edit = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('flip', 'flip', 'flip', 'insert', 'remove'));
  fc.assert(
    fc.property(
      fc.array(anyMessage, { minLength: 1, maxLength: 3 }),
      fc.array(edit, { maxLength: 2 }),
      (messages, edits) => {
        const original = Buffer.concat(messages.map(encode));
        const bytes = edited(original, edits);
        const read = accepted(bytes);
        if (read === undefined || !isPlain(read)) {
          return;
        }
        seen.accepted++;
        if (!bytes.equals(original)) {
          seen.changed++;
        }
        assert.equal(Buffer.concat(read.map(encode)).toString('hex'), bytes.toString('hex'));
      },
    ),
    { numRuns: 2_000 },
  );
  for (const [what, times] of Object.entries(seen)) {
    assert.ok(times > 100, `${what}: ${times} times`);
  }
});

test('any split of the stream, and any grouping into records, gives the same messages', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyMessage, fc.boolean()), { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 400 })),
      (schedule, cuts) => {
        const { a, b } = channelPair();
        const wire: Uint8Array[] = [];
        for (const [message, flushes] of schedule) {
          a.channel.send(encode(message));
          if (flushes) {
            wire.push(flushed(a.channel));
          }
        }
        const stream = Buffer.concat([...wire, flushed(a.channel)]);
        const read: Message[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          for (const each of b.read(stream.subarray(at, at + cut))) {
            if (each.type === 'data') {
              read.push(...decodeMessages(each.body));
            }
          }
          at += cut;
        }
        assert.deepEqual(
          read,
          schedule.map(([message]) => message),
        );
      },
    ),
    { numRuns: 100 },
  );
});

function edited(original: Buffer, edits: readonly (readonly [number, number, string])[]): Buffer {
  const bytes = [...original];
  for (const [where, byte, edit] of edits) {
    const at = where % (bytes.length + 1);
    if (edit === 'insert') {
      bytes.splice(at, 0, byte);
    } else if (at < bytes.length) {
      bytes.splice(at, 1, ...(edit === 'flip' ? [(bytes[at] ?? 0) ^ (1 << (byte & 7))] : []));
    }
  }
  return Buffer.from(bytes);
}

function accepted(bytes: Buffer): Message[] | undefined {
  try {
    return decodeMessages(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Three things are read otherwise than they are written, none of them in a message of ours: an error's keys
 * are put in their order, keys that look like indexes come first in their map, and `__proto__` is ignored.
 */
function isPlain(messages: readonly Message[]): boolean {
  return messages.every((message) => {
    if (message.type === 'response' && message.error !== null) {
      return false;
    }
    return !keysOf(message).some((key) => /^\d+$/.test(key) || key === '__proto_');
  });
}

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(keysOf);
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => [key, ...keysOf(item)]);
}
