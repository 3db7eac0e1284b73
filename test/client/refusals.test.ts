import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS } from '../../src/protocol/index.ts';
import { isFinal, isTemporary } from './support/internals.ts';

test('what the server says of an order itself is final, that it is busy or full is temporary, nothing is both', () => {
  const names = Object.keys(ERRORS);
  assert.deepEqual(names.filter(isFinal), [
    'PAYEE_UNKNOWN',
    'PAYEE_OFFLINE',
    'INSUFFICIENT_FUNDS',
    'BAD_AMOUNT',
    'ID_REUSED',
    'PAYEE_SELF',
  ]);
  assert.deepEqual(names.filter(isTemporary), ['TOO_MANY', 'INTERNAL']);
});

test('a name that is not known here says nothing of an order', () => {
  for (const name of ['NEW', 'constructor', '__proto__', '']) {
    assert.deepEqual([isFinal(name), isTemporary(name)], [false, false]);
  }
});
