import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paint, wantsColour } from '../support/internals.ts';

const CASES: [isTTY: boolean, env: NodeJS.ProcessEnv, noColour: boolean, colours: boolean][] = [
  [true, {}, false, true],
  [false, {}, false, false],
  [true, {}, true, false],
  [true, { TERM: 'dumb' }, false, false],
  [true, { NO_COLOR: '1' }, false, false],
  [true, { NO_COLOR: '' }, false, true],
  [false, { FORCE_COLOR: '1' }, false, true],
  [false, { FORCE_COLOR: '' }, false, true],
  [true, { FORCE_COLOR: '0' }, false, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  [true, { FORCE_COLOR: '1' }, true, false],
  [false, { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
];
for (const [isTTY, env, noColour, colours] of CASES) {
  const where = isTTY ? 'a terminal' : 'a pipe';
  const option = noColour ? ' with --no-color' : '';
  test(`${where}${option} and ${JSON.stringify(env)}: ${colours ? 'colours' : 'none'}`, () => {
    assert.equal(wantsColour({ isTTY }, env, noColour), colours);
  });
}

test('without colours nothing is added to a text', () => {
  assert.equal(paint(false).bad('x'), 'x');
  assert.equal(paint(true).bad('x'), '\u001b[31mx\u001b[39m');
});
