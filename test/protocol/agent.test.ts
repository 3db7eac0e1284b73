import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeAgent, encodeAgent, ProtocolError, type ProtocolErrorCode } from '../../src/protocol/index.ts';

const refusal = (code: ProtocolErrorCode) => (error: unknown) =>
  error instanceof ProtocolError && error.code === code;
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the agent in a handshake payload', () => {
  test('is a map with one str', () => {
    const bytes = hex('81 a56167656e74 ae 6661727468696e672f302e312e30');
    assert.deepEqual(Buffer.from(encodeAgent('farthing/0.1.0')), bytes);
    assert.equal(decodeAgent(bytes), 'farthing/0.1.0');
  });

  for (const agent of ['x', 'x'.repeat(64), 'é'.repeat(32), 'ein Programm, 1.0']) {
    test(`may be ${agent}`, () => {
      assert.equal(decodeAgent(encodeAgent(agent)), agent);
    });
  }

  test('stands among keys that are not known', () => {
    assert.equal(decodeAgent(hex('83 a161 c3 a56167656e74 a178 a95f5f70726f746f5f5f 80')), 'x');
  });

  for (const agent of ['', 'x'.repeat(65), 'é'.repeat(33)]) {
    test(`is not of ${Buffer.byteLength(agent)} bytes`, () => {
      assert.throws(() => encodeAgent(agent), RangeError);
      const text = Buffer.from(agent);
      const head = text.length === 0 ? hex('a0') : Buffer.from([0xd9, text.length]);
      assert.throws(
        () => decodeAgent(Buffer.concat([hex('81 a56167656e74'), head, text])),
        refusal('bad_agent'),
      );
    });
  }

  const PAYLOADS: readonly (readonly [ProtocolErrorCode, string, string])[] = [
    ['truncated', 'nothing', ''],
    ['bad_agent', 'an empty map', '80'],
    ['bad_agent', 'nil', 'c0'],
    ['bad_agent', 'a str', 'a56167656e74'],
    ['bad_agent', 'an array', '91 a178'],
    ['bad_agent', 'a bin', 'c4 01 78'],
    ['bad_agent', 'agent nil', '81 a56167656e74 c0'],
    ['bad_agent', 'agent a bin', '81 a56167656e74 c40178'],
    ['bad_agent', 'agent in capitals', '81 a54147454e54 a178'],
    ['bad_agent', 'two maps', '81 a56167656e74 a178 80'],
    ['truncated', 'a map that is cut', '81 a56167656e74 a2 78'],
    ['duplicate_key', 'agent twice', '82 a56167656e74 a178 a56167656e74 a178'],
    ['bad_utf8', 'agent not UTF-8', '81 a56167656e74 a1ff'],
    ['float', 'a float beside it', '82 a56167656e74 a178 a178 ca00000000'],
  ];
  for (const [code, what, payload] of PAYLOADS) {
    test(`is not in ${what} (${code})`, () => {
      assert.throws(() => decodeAgent(hex(payload)), refusal(code));
    });
  }

  test('is not in random bytes, which throw nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        assert.throws(() => decodeAgent(bytes), ProtocolError);
      }),
    );
  });
});
