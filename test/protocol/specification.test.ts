import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  decodeAgent,
  decodeMessages,
  ERRORS,
  encodeAgent,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
} from '../../src/protocol/index.ts';
import { METHODS, NOTIFICATIONS, PEER_METHODS } from './arbitraries.ts';

const page = readFileSync(new URL('../../src/protocol/README.md', import.meta.url), 'utf8');

/** The vectors by the line above each: bytes in hex. */
const vectors = new Map(
  [...page.matchAll(/^ {4}(\w.*)\n {4}([0-9a-f ]+)$/gm)].map(([, what = '', hex = '']) => [
    what,
    Buffer.from(hex.replaceAll(' ', ''), 'hex'),
  ]),
);

describe('the specification', () => {
  const VECTORS: Readonly<Record<string, () => Uint8Array>> = {
    'request 1, login {name: "alice", port: 6000}': () =>
      encodeRequest(1, 'login', { name: 'alice', port: 6000 }),
    'response 2^32-1, result {at: 1700000000000}': () => encodeResult(0xffff_ffff, { at: 1_700_000_000_000 }),
    'response 5, error 210': () => encodeError(5, 'NAME_TAKEN'),
    'notification presence {name: "bob", online: true}': () =>
      encodeNotification('presence', { name: 'bob', online: true }),
    'handshake payload {agent: "farthing/0.1.0"}': () => encodeAgent('farthing/0.1.0'),
  };

  test('has these vectors', () => {
    assert.deepEqual([...vectors.keys()], Object.keys(VECTORS));
  });

  for (const [what, bytes] of vectors) {
    test(`is kept: ${what}`, () => {
      const made = VECTORS[what]?.();
      assert.ok(made !== undefined);
      assert.equal(Buffer.from(made).toString('hex'), bytes.toString('hex'));
      if (what.startsWith('handshake')) assert.equal(decodeAgent(bytes), 'farthing/0.1.0');
      else assert.equal(decodeMessages(bytes).length, 1);
    });
  }

  test('has every error, with its code and its words', () => {
    const rows = [...page.matchAll(/^\| (\d{3}) \| `([A-Z_]+)` \| (.*) \|$/gm)];
    assert.deepEqual(
      rows.map(([, code, name, text]) => [name, { code: Number(code), text }]),
      Object.entries(ERRORS),
    );
  });

  test('has every method and notification', () => {
    for (const method of [METHODS, PEER_METHODS, NOTIFICATIONS].flatMap((table) => Object.keys(table))) {
      assert.match(page, new RegExp(`^\\| \`${method}\` \\|`, 'm'), method);
    }
  });
});
