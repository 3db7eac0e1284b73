import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../support/internals.ts';

const WORDS = ['register', 'list', 'pay', 'history', 'friends', 'befriend', 'unfriend', 'listen'];

const CASES: [typed: string, meant: string | undefined][] = [
  ['lsit', 'list'],
  ['lst', 'list'],
  ['Regster', 'register'],
  ['apy', 'pay'],
  ['freinds', 'friends'],
  ['hist', 'history'],
  ['listne', 'listen'],
  ['x', undefined],
  ['', undefined],
  ['transfer', undefined],
  ['x'.repeat(5000), undefined],
];
for (const [typed, meant] of CASES) {
  test(`${JSON.stringify(typed.slice(0, 20))} probably means ${meant ?? 'nothing known'}`, () => {
    assert.equal(nearest(typed, WORDS), meant);
  });
}
