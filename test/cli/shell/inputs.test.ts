import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_MEMO_BYTES } from '../../../src/protocol/index.ts';
import { readMemo, UsageError } from '../support/internals.ts';

describe('a memo', () => {
  test('is taken as it was typed', () => {
    for (const memo of ['', 'lunch', ' \u001b[2J 茶\t', 'x'.repeat(MAX_MEMO_BYTES)]) {
      assert.equal(readMemo(memo), memo);
    }
  });

  test('is bounded in bytes', () => {
    assert.throws(() => readMemo('é'.repeat(MAX_MEMO_BYTES / 2 + 1)), UsageError);
  });

  test('has no NUL, which no command line could hold when the order is to be sent again', () => {
    assert.throws(() => readMemo('lunch\0'), UsageError);
    assert.throws(() => readMemo('\0'), UsageError);
  });
});
