import assert from 'node:assert/strict';
import { LinkError, readRecord } from '../../link/support/internals.ts';
import type { Target } from '../target.ts';

const KINDS = ['data', 'close', 'ping', 'pong'] as const;

/**
 * A record as its byte table has it, read as plainly as can be: kind, body, and zeros to the end; undefined
 * for no record.
 */
export function readPlainly(record: Uint8Array): { kind: string; body: Uint8Array } | undefined {
  const [byte = 4, high = 0, low = 0, ...rest] = record;
  const kind = KINDS[byte];
  const length = high * 256 + low;
  if (record.length < 3 || kind === undefined || length > rest.length) {
    return undefined;
  }
  if ((kind === 'data') !== length > 0 || rest.slice(length).some((padding) => padding !== 0)) {
    return undefined;
  }
  return { kind, body: Uint8Array.from(rest.slice(0, length)) };
}

/** A record that has been opened: what is accepted is what the byte table says, and nothing else. */
export const record: Target = {
  name: 'record',
  covers: ['link/records/record.ts'],
  maxLength: 1_100,
  dictionary: [
    Uint8Array.of(0, 0, 1),
    Uint8Array.of(1, 0, 0),
    new Uint8Array(64),
    Uint8Array.of(4),
    Uint8Array.of(3, 253),
  ],
  seeds: [0, 1, 2, 3].map((kind) => Uint8Array.of(kind, 0, kind === 0 ? 2 : 0, 7, 9, ...new Uint8Array(59))),
  run(input) {
    const expected = readPlainly(input);
    try {
      const { kind, body } = readRecord(input);
      assert.deepEqual({ kind, body: Uint8Array.from(body) }, expected);
      return kind;
    } catch (error) {
      if (!(error instanceof LinkError)) {
        throw error;
      }
      assert.equal(expected, undefined);
      return error.code;
    }
  },
};
