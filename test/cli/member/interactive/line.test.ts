import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Line, parseLine } from '../../support/internals.ts';

/** Properties that are undefined are left out by both sides of the comparison. */
const CASES: [typed: string, line: Line][] = [
  ['', { do: 'nothing' }],
  ['   ', { do: 'nothing' }],

  ['register alice', { do: 'register', name: 'alice' }],
  ['REGISTER#alice', { do: 'register', name: 'alice' }],
  ['register#Alice', { do: 'register', name: 'Alice' }],
  ['R', { do: 'register', name: undefined }],
  ['r alice', { do: 'register', name: 'alice' }],
  ['1', { do: 'register', name: undefined }],
  ['register', { do: 'register', name: undefined }],

  ['login alice 6000', { do: 'login', name: 'alice', port: '6000' }],
  ['login alice', { do: 'login', name: 'alice', port: undefined }],
  ['alice#6000', { do: 'login', name: 'alice', port: '6000' }],
  ['Alice#0', { do: 'login', name: 'Alice', port: '0' }],
  ['L', { do: 'login', name: undefined, port: undefined }],
  ['2', { do: 'login', name: undefined, port: undefined }],

  ['List', { do: 'list' }],
  ['list', { do: 'list' }],
  ['LS', { do: 'list' }],
  ['3', { do: 'list' }],

  ['pay bob 10 for lunch', { do: 'pay', to: 'bob', amount: '10', memo: 'lunch' }],
  ['pay bob 10 lunch  and   tea', { do: 'pay', to: 'bob', amount: '10', memo: 'lunch  and   tea' }],
  ['pay bob 10 FOR lunch', { do: 'pay', to: 'bob', amount: '10', memo: 'lunch' }],
  ['pay bob 12.50', { do: 'pay', to: 'bob', amount: '12.50', memo: undefined }],
  ['pay bob 10 for', { do: 'pay', to: 'bob', amount: '10', memo: 'for' }],
  ['pay bob 1 #tag', { do: 'pay', to: 'bob', amount: '1', memo: '#tag' }],
  ['pay bob', { do: 'pay', to: 'bob', amount: undefined, memo: undefined }],
  ['P', { do: 'pay', to: undefined, amount: undefined, memo: undefined }],
  ['4', { do: 'pay', to: undefined, amount: undefined, memo: undefined }],
  ['PayRequest#alice#10#bob', { do: 'pay', from: 'alice', amount: '10', to: 'bob' }],
  ['payrequest#alice#10#bob', { do: 'pay', from: 'alice', amount: '10', to: 'bob' }],

  ['friends', { do: 'friends' }],
  ['5', { do: 'friends' }],
  ['befriend bob', { do: 'befriend', name: 'bob' }],
  ['unfriend bob', { do: 'unfriend', name: 'bob' }],

  ['chat bob', { do: 'chat', name: 'bob' }],
  ['6', { do: 'chat', name: undefined }],
  ['@bob', { do: 'chat', name: 'bob' }],
  ['@bob hello  there', { do: 'say', to: 'bob', text: 'hello  there' }],
  ['@bob #1 is the best', { do: 'say', to: 'bob', text: '#1 is the best' }],

  ['history', { do: 'history', limit: undefined }],
  ['history 50', { do: 'history', limit: '50' }],
  ['whoami', { do: 'whoami' }],
  ['help', { do: 'help' }],
  ['help pay', { do: 'help' }],
  ['?', { do: 'help' }],
  ['exit', { do: 'exit' }],
  ['Exit', { do: 'exit' }],
  ['quit', { do: 'exit' }],
  ['0', { do: 'exit' }],

  ['lisst', { do: 'mistake', advice: 'did you mean list?' }],
  ['7', { do: 'mistake', advice: 'help lists the commands' }],
  ['constructor', { do: 'mistake', advice: 'help lists the commands' }],
  ['list all', { do: 'mistake', advice: 'write list' }],
  ['register alice bob', { do: 'mistake', advice: 'write register NAME' }],
  ['login alice 1 2', { do: 'mistake', advice: 'write login NAME PORT' }],
  ['REGISTER#', { do: 'mistake', advice: 'write REGISTER#NAME' }],
  ['REGISTER#a#b', { do: 'mistake', advice: 'write REGISTER#NAME' }],
  ['PayRequest#alice#10', { do: 'mistake', advice: 'write PayRequest#PAYER#AMOUNT#PAYEE' }],
  ['PayRequest#alice##bob', { do: 'mistake', advice: 'write PayRequest#PAYER#AMOUNT#PAYEE' }],
  ['alice#', { do: 'mistake', advice: 'to log in, write NAME#PORT' }],
  ['alice#1#2', { do: 'mistake', advice: 'to log in, write NAME#PORT' }],
  ['@', { do: 'mistake', advice: 'write @NAME TEXT' }],
];

describe('parseLine', () => {
  for (const [typed, line] of CASES) {
    test(JSON.stringify(typed), () => assert.deepEqual(parseLine(typed), line));
  }

  test('case and blanks around a line do not matter', () => {
    assert.deepEqual(parseLine('  REGISTER alice \t'), parseLine('register alice'));
  });

  test('any text is some line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        assert.equal(typeof parseLine(typed).do, 'string');
      }),
    );
  });
});
