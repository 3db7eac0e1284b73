import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeMessage,
  decodeMessages,
  ERRORS,
  type ErrorName,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  MAX_MESSAGE_BYTES,
  ProtocolError,
  type ProtocolErrorCode,
} from '../../src/protocol/index.ts';
import { tree } from './support/arbitraries.ts';
import { read, type Tree, write } from './support/reference.ts';

const refusal = (code: ProtocolErrorCode) => (error: unknown) =>
  error instanceof ProtocolError && error.code === code;
const one = (bytes: Uint8Array) => {
  const [message, ...others] = decodeMessages(bytes);
  assert.deepEqual(others, []);
  return message;
};

const anyId = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 127, 128, 0xffff_ffff));
const anyMap = tree(4)
  .filter((value): value is Tree & { kind: 'map' } => value.kind === 'map')
  .map((value) => read(write(value)).value as Record<string, unknown>);
const anyMethod = fc.string({ maxLength: 40 });

describe('messages come back as they were sent:', () => {
  test('requests', () => {
    fc.assert(
      fc.property(anyId, anyMethod, anyMap, (id, method, params) => {
        assert.deepEqual(one(encodeRequest(id, method, params)), { type: 'request', id, method, params });
      }),
    );
  });

  test('results', () => {
    fc.assert(
      fc.property(anyId, anyMap, (id, result) => {
        assert.deepEqual(one(encodeResult(id, result)), { type: 'response', id, error: null, result });
      }),
    );
  });

  test('notifications', () => {
    fc.assert(
      fc.property(anyMethod, anyMap, (method, params) => {
        assert.deepEqual(one(encodeNotification(method, params)), { type: 'notification', method, params });
      }),
    );
  });

  for (const name of Object.keys(ERRORS) as ErrorName[]) {
    test(`error ${name}`, () => {
      const error = { name, ...ERRORS[name] };
      assert.deepEqual(one(encodeError(7, name)), { type: 'response', id: 7, error, result: null });
    });
  }

  test('errors of one’s own', () => {
    const error = { code: 400, name: 'BAD_REQUEST', text: 'no such method' };
    assert.deepEqual(one(encodeError(7, error)), { type: 'response', id: 7, error, result: null });
  });

  test('several back to back, in their order', () => {
    const ids = Array.from({ length: 64 }, (_, i) => i);
    const body = Buffer.concat(ids.map((id) => encodeRequest(id, 'pay', { to: 'bob', amount: id })));
    assert.deepEqual(
      decodeMessages(body).map((message) => message.type === 'request' && message.id),
      ids,
    );
  });

  test('one by one', () => {
    const first = encodeRequest(1, 'list', {});
    const body = Buffer.concat([first, encodeNotification('notice', { text: 'x' })]);
    const { message, end } = decodeMessage(body, 0);
    assert.deepEqual(message, { type: 'request', id: 1, method: 'list', params: {} });
    assert.equal(end, first.length);
    const last = decodeMessage(body, end);
    assert.deepEqual(last, {
      message: { type: 'notification', method: 'notice', params: { text: 'x' } },
      end: body.length,
    });
    assert.throws(() => decodeMessage(body, body.length), refusal('truncated'));
  });

  test('as many as a record holds', () => {
    const smallest = encodeNotification('', {});
    const count = Math.floor(MAX_MESSAGE_BYTES / smallest.length);
    assert.equal(decodeMessages(Buffer.concat(Array<Uint8Array>(count).fill(smallest))).length, count);
  });
});

describe('the bytes on the wire', () => {
  test('of a request', () => {
    const bytes = encodeRequest(1, 'login', { name: 'alice', port: 6000 });
    const expected = '94 00 01 a5 6c6f67696e 82 a4 6e616d65 a5 616c696365 a4 706f7274 cd1770';
    assert.equal(Buffer.from(bytes).toString('hex'), expected.replaceAll(' ', ''));
  });

  test('of a result with a time in it', () => {
    const bytes = encodeResult(0xffff_ffff, { at: 1_700_000_000_000, text: undefined });
    const expected = '94 01 ceffffffff c0 81 a2 6174 cf 0000018bcfe56800';
    assert.equal(Buffer.from(bytes).toString('hex'), expected.replaceAll(' ', ''));
  });

  test('of an error', () => {
    const expected =
      '94 01 05 83 a4 636f6465 ccd2 a4 6e616d65 aa 4e414d455f54414b454e a4 74657874 a8 323130204641494c c0';
    assert.equal(Buffer.from(encodeError(5, 'NAME_TAKEN')).toString('hex'), expected.replaceAll(' ', ''));
  });

  test('of a notification', () => {
    const expected = '93 02 a8 70726573656e6365 82 a4 6e616d65 a3 626f62 a6 6f6e6c696e65 c3';
    const bytes = encodeNotification('presence', { name: 'bob', online: true });
    assert.equal(Buffer.from(bytes).toString('hex'), expected.replaceAll(' ', ''));
  });
});

describe('what is no message ends the link', () => {
  const SHAPES: readonly (readonly [string, string])[] = [
    ['nil', 'c0'],
    ['an integer', '00'],
    ['a str', 'a161'],
    ['a bin', 'c40161'],
    ['a map', '80'],
    ['an empty array', '90'],
    ['an unknown kind', '94 03 01 a161 80'],
    ['a negative kind', '94 ff 01 a161 80'],
    ['a kind that is a str', '94 a130 01 a161 80'],
    ['a request of 3', '93 00 01 a161'],
    ['a request of 5', '95 00 01 a161 80 c0'],
    ['a request with id nil', '94 00 c0 a161 80'],
    ['a request with id -1', '94 00 ff a161 80'],
    ['a request with id 2^32', '94 00 cf0000000100000000 a161 80'],
    ['a request with id true', '94 00 c3 a161 80'],
    ['a request with an integer for a method', '94 00 01 05 80'],
    ['a request with a bin for a method', '94 00 01 c40161 80'],
    ['a request with params nil', '94 00 01 a161 c0'],
    ['a request with params an array', '94 00 01 a161 90'],
    ['a request with params a bin', '94 00 01 a161 c400'],
    ['a response of 3', '93 01 01 80'],
    ['a response with both nil', '94 01 01 c0 c0'],
    ['a response with both', '94 01 01 83 a4636f646505 a46e616d65a0 a474657874a0 80'],
    ['a response with a str for a result', '94 01 01 c0 a161'],
    ['a response with an array for a result', '94 01 01 c0 90'],
    ['a response with a str for an error', '94 01 01 a161 c0'],
    ['a response with false for an error', '94 01 01 c2 80'],
    ['an error without code', '94 01 01 82 a46e616d65a0 a474657874a0 c0'],
    ['an error without name', '94 01 01 82 a4636f646505 a474657874a0 c0'],
    ['an error without text', '94 01 01 82 a4636f646505 a46e616d65a0 c0'],
    ['an error whose code is a str', '94 01 01 83 a4636f6465a135 a46e616d65a0 a474657874a0 c0'],
    ['an error whose name is nil', '94 01 01 83 a4636f646505 a46e616d65c0 a474657874a0 c0'],
    ['a notification of 2', '92 02 a161'],
    ['a notification of 4', '94 02 a161 80 c0'],
    ['a notification with a method nil', '93 02 c0 80'],
    ['a notification with params nil', '93 02 a161 c0'],
  ];
  const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
  for (const [what, bytes] of SHAPES) {
    test(what, () => {
      assert.throws(() => decodeMessages(hex(bytes)), refusal('bad_message'));
    });
  }

  test('an error has its three keys, others are ignored', () => {
    const message = one(hex('94 01 01 84 a4636f646505 a46e616d65a141 a474657874a0 a178c0 c0'));
    assert.deepEqual(message, {
      type: 'response',
      id: 1,
      error: { code: 5, name: 'A', text: '' },
      result: null,
    });
  });

  test('nothing at all', () => {
    assert.throws(() => decodeMessages(new Uint8Array(0)), refusal('truncated'));
  });

  test('more than a record carries', () => {
    const smallest = encodeNotification('', {});
    const body = Buffer.concat(Array<Uint8Array>(MAX_MESSAGE_BYTES / 4 + 1).fill(smallest));
    assert.throws(() => decodeMessages(body), refusal('too_long'));
  });

  test('a good message with a bad one behind it', () => {
    const good = encodeRequest(1, 'list', {});
    assert.throws(() => decodeMessages(Buffer.concat([good, hex('c1')])), refusal('reserved'));
    assert.throws(() => decodeMessages(Buffer.concat([good, hex('c0')])), refusal('bad_message'));
    assert.throws(() => decodeMessages(Buffer.concat([good, good.subarray(0, -1)])), refusal('truncated'));
  });

  test('a message refused by the gate, even where nothing of ours would read it', () => {
    assert.throws(() => decodeMessages(hex('94 00 01 a161 81 a178 cb3ff0000000000000')), refusal('float'));
    assert.throws(() => decodeMessages(hex('94 00 01 a161 82 a178c0 a178c0')), refusal('duplicate_key'));
  });

  test('random bytes, bent messages: nothing but its own errors', () => {
    const message = Buffer.from(
      encodeRequest(9, 'pay', { to: 'bob', amount: 2 ** 40, id: new Uint8Array(16), memo: 'é' }),
    );
    const bent = fc.tuple(fc.nat(message.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = Buffer.from(message);
      bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        try {
          decodeMessages(bytes);
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('decoded messages', () => {
  test('share no memory with the body', () => {
    const body = Buffer.from(encodeRequest(1, 'pay', { to: 'bob', id: new Uint8Array(16).fill(7) }));
    const message = one(body);
    body.fill(0xff);
    const params = { to: 'bob', id: new Uint8Array(16).fill(7) };
    assert.deepEqual(message, { type: 'request', id: 1, method: 'pay', params });
  });

  test('are the same from a part of a larger buffer', () => {
    const message = encodeRequest(1, 'pay', {
      to: 'bob',
      id: new Uint8Array(16).fill(7),
      memo: 'x'.repeat(100),
    });
    const around = Buffer.concat([Buffer.alloc(13, 0xc1), message, Buffer.alloc(13, 0xc1)]);
    assert.deepEqual(decodeMessages(around.subarray(13, 13 + message.length)), decodeMessages(message));
  });
});

describe('encoding refuses what the caller got wrong', () => {
  for (const id of [-1, 0.5, 2 ** 32, Number.NaN]) {
    test(`id ${id}`, () => {
      assert.throws(() => encodeRequest(id, 'list', {}), TypeError);
      assert.throws(() => encodeResult(id, {}), TypeError);
      assert.throws(() => encodeError(id, 'INTERNAL'), TypeError);
    });
  }

  for (const params of [[], new Uint8Array(1), new Map(), new Date(0)]) {
    test(`a ${params.constructor.name} for a map`, () => {
      assert.throws(() => encodeRequest(1, 'list', params), TypeError);
      assert.throws(() => encodeResult(1, params), TypeError);
      assert.throws(() => encodeNotification('notice', params), TypeError);
    });
  }

  test('a message longer than a record', () => {
    const overhead = encodeNotification('', { t: 'x'.repeat(60_000) }).length - 60_000;
    const fits = { t: 'x'.repeat(MAX_MESSAGE_BYTES - overhead) };
    assert.equal(encodeNotification('', fits).length, MAX_MESSAGE_BYTES);
    assert.throws(() => encodeNotification('', { t: `${fits.t}x` }), RangeError);
  });
});
