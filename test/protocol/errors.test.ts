import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ERRORS, errorMap, ProtocolError } from '../../src/protocol/index.ts';

describe('the table of errors', () => {
  test('has the codes and names that are promised', () => {
    const rows = Object.entries(ERRORS).map(([name, { code }]) => `${code} ${name}`);
    assert.deepEqual(rows, [
      '210 NAME_TAKEN',
      '220 AUTH_FAIL',
      '230 WRONG_STATE',
      '310 PAYEE_UNKNOWN',
      '311 PAYEE_OFFLINE',
      '312 INSUFFICIENT_FUNDS',
      '313 BAD_AMOUNT',
      '314 ID_REUSED',
      '315 PAYEE_SELF',
      '400 BAD_REQUEST',
      '429 TOO_MANY',
      '500 INTERNAL',
    ]);
  });

  test('has the words that are kept from of old', () => {
    assert.equal(ERRORS.NAME_TAKEN.text, '210 FAIL');
    assert.equal(ERRORS.AUTH_FAIL.text, '220 AUTH_FAIL');
    assert.equal(ERRORS.WRONG_STATE.text, 'please type the right option number!');
    assert.equal(ERRORS.PAYEE_UNKNOWN.text, 'FAIL: Payee does not exist');
    assert.equal(ERRORS.PAYEE_OFFLINE.text, 'FAIL: Payee is not online');
    assert.equal(ERRORS.INSUFFICIENT_FUNDS.text, 'FAIL: Your account balance is not enough');
  });

  test('makes an error map, with words of one’s own where they say more', () => {
    assert.deepEqual(errorMap('PAYEE_SELF'), { code: 315, name: 'PAYEE_SELF', text: ERRORS.PAYEE_SELF.text });
    assert.deepEqual(errorMap('BAD_REQUEST', 'no such method'), {
      code: 400,
      name: 'BAD_REQUEST',
      text: 'no such method',
    });
  });
});

test('a ProtocolError has a code for programs and words for people', () => {
  const error = new ProtocolError('bad_result', 'pay');
  assert.ok(error instanceof Error);
  assert.equal(error.name, 'ProtocolError');
  assert.equal(error.code, 'bad_result');
  assert.equal(error.message, 'a result lacks what its method promises (pay)');
  assert.equal(new ProtocolError('float').message, 'a float');
});
