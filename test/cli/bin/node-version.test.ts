import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeWillDo } from '../support/internals.ts';

test('the Node that runs the tests will do, and so will every later one', () => {
  for (const version of [process.versions.node, '24.0.0', '30.1.2']) {
    assert.equal(nodeWillDo('farthing', version), true);
  }
});

test('an older Node is told what is needed and how to get it, in one line', (t) => {
  const write = t.mock.method(process.stderr, 'write', () => true);
  try {
    assert.equal(nodeWillDo('farthing', '20.20.2'), false);
    assert.equal(process.exitCode, 2);
  } finally {
    process.exitCode = 0;
  }
  const text = String(write.mock.calls[0]?.arguments[0]);
  assert.match(text, /^farthing needs Node 24 or later, and this is 20\.20\.2: get it from .*\n$/);
});
