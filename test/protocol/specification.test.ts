import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decodeAgent, decodeMessages, ERRORS } from '../../src/protocol/index.ts';
import { METHODS, NOTIFICATIONS, PEER_METHODS } from './support/arbitraries.ts';
import { EXAMPLES } from './support/examples.ts';

const page = readFileSync(new URL('../../src/protocol/README.md', import.meta.url), 'utf8');

/** The vectors by the line above each: bytes in hex. */
const vectors = new Map(
  [...page.matchAll(/^ {4}(\w.*)\n {4}([0-9a-f ]+)$/gm)].map(([, what = '', hex = '']) => [
    what,
    Buffer.from(hex.replaceAll(' ', ''), 'hex'),
  ]),
);

describe('the specification', () => {
  test('has these vectors', () => {
    assert.deepEqual([...vectors.keys()], Object.keys(EXAMPLES));
  });

  for (const [what, bytes] of vectors) {
    test(`is kept: ${what}`, () => {
      const made = EXAMPLES[what]?.();
      assert.ok(made !== undefined);
      assert.equal(Buffer.from(made).toString('hex'), bytes.toString('hex'));
      if (what.startsWith('handshake')) {
        assert.equal(decodeAgent(bytes), 'farthing/0.1.0');
      } else {
        assert.equal(decodeMessages(bytes).length, 1);
      }
    });
  }

  test('has an example of every method and notification', () => {
    for (const table of [METHODS, PEER_METHODS]) {
      for (const method of Object.keys(table)) {
        assert.ok(
          [...vectors.keys()].some((what) => what.startsWith('request') && what.includes(`, ${method} {`)),
          method,
        );
      }
    }
    for (const method of Object.keys(NOTIFICATIONS)) {
      assert.ok(
        [...vectors.keys()].some((what) => what.startsWith(`notification ${method} {`)),
        method,
      );
    }
  });

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
