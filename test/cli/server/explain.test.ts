import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ServerError, type ServerErrorCode } from '../../operator/support/internals.ts';
import { EXIT, explainToOperator } from '../support/internals.ts';

describe('an error, as whoever runs farthing-server is told of it', () => {
  const STATUSES: readonly (readonly [ServerErrorCode, number, RegExp | undefined])[] = [
    ['bad_option', EXIT.usage, undefined],
    ['not_running', EXIT.noConnection, /--data names another folder/],
    ['not_answering', EXIT.noConnection, /try again/],
    ['no_answer', EXIT.outcomeUnknown, /"farthing-server accounts" shows/],
    ['data_locked', EXIT.refused, undefined],
    ['crashed', EXIT.refused, undefined],
  ];
  for (const [code, status, advice] of STATUSES) {
    test(`${code} ends with ${status}`, () => {
      const failure = explainToOperator(new ServerError(code, 'the reason'));
      assert.deepEqual([failure.status, failure.name], [status, code.toUpperCase()]);
      assert.equal(failure.text, 'the reason');
      assert.equal(failure.advice.length, advice === undefined ? 0 : 1);
      if (advice !== undefined) {
        assert.match(failure.advice[0] ?? '', advice);
      }
    });
  }

  test('what only calls itself one is a fault', () => {
    const error = Object.assign(new Error('no such thing'), { name: 'ServerError', code: 'no_such_code' });
    const failure = explainToOperator(error);
    assert.deepEqual([failure.status, failure.name], [EXIT.fault, 'FAULT']);
    assert.match(failure.text, /a fault in farthing-server itself: no such thing/);
  });
});
