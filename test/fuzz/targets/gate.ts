import assert from 'node:assert/strict';
import { ProtocolError, pack, scan, unpack, type Value } from '../../protocol/support/internals.ts';
import { read } from '../../protocol/support/reference.ts';
import type { Target } from '../target.ts';
import { FORMS, MESSAGES } from './messages.ts';

/**
 * What the plain reader of the tests makes of one value, where it is one and is written as we would write it.
 */
function readPlainly(bytes: Uint8Array): { value: Value; end: number } | undefined {
  try {
    const { value, end } = read(bytes);
    if (end > bytes.length || !Buffer.from(pack(value)).equals(bytes.subarray(0, end))) {
      return undefined;
    }
    return { value: value as Value, end };
  } catch {
    return undefined;
  }
}

/** Every key of every map in a value. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(keysOf);
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => [key, ...keysOf(item)]);
}

/**
 * The gate and the decoder behind it: what the gate accepts is exactly what is written in its one form, and
 * the decoder makes of it what a plain reader makes of it, which is written again as the same bytes.
 */
export const gate: Target = {
  name: 'gate',
  covers: ['protocol/gate.ts', 'protocol/utf8.ts', 'protocol/msgpack.ts'],
  maxLength: 512,
  dictionary: FORMS,
  seeds: [...FORMS, ...MESSAGES],
  run(input) {
    let end: number;
    try {
      end = scan(input);
    } catch (error) {
      if (!(error instanceof ProtocolError)) {
        throw error;
      }
      const plain = readPlainly(input);
      assert.equal(plain, undefined, `refused as ${error.code}`);
      return error.code;
    }
    assert.ok(end > 0 && end <= input.length);
    const value = unpack(input, 0, end);
    const expected = read(input);
    assert.equal(expected.end, end);
    const written = Buffer.from(pack(expected.value));
    assert.equal(written.length, end);
    const keys = keysOf(expected.value);
    if (keys.includes('__proto__')) {
      return 'accepted __proto__';
    }
    assert.deepEqual(value, expected.value);
    // JavaScript moves keys that look like indexes to the front of their map.
    if (keys.some((key) => /^\d+$/.test(key))) {
      return 'accepted an index as key';
    }
    assert.ok(written.equals(input.subarray(0, end)), 'is written again as it was');
    return `accepted ${Array.isArray(value) ? 'array' : typeof value}`;
  },
};
