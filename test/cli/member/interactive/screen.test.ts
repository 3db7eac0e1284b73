import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { ScreenModel } from '../../../support/screen-model.ts';

const SCREEN = import.meta.resolve('../../../../src/cli/member/interactive/screen.ts');
const LIMITS = import.meta.resolve('../../../../src/cli/limits.ts');

/**
 * A program whose terminal takes nothing for a while, which no real one can be made to do: a line is being
 * typed meanwhile, and others send more than is kept. What the terminal gets from the moment that it reads on
 * is written to standard error.
 */
const PROGRAM = `
  import { PassThrough } from 'node:stream';
  import { MAX_UNREAD } from ${JSON.stringify(LIMITS)};
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode() {} });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  Object.defineProperty(process, 'stdin', { value: input });
  Object.defineProperty(process, 'stdout', { value: output });
  process.env.TERM = 'xterm';
  const { Screen } = await import(${JSON.stringify(SCREEN)});
  const out = { width: 80 };
  const screen = new Screen({ out, history: [], names: () => [], onInterrupt() {} });
  screen.read('> ');
  input.write('pay bo');
  await new Promise(setImmediate);
  const line = 'x'.repeat(70);
  while (output.writableLength < MAX_UNREAD) screen.offer(line);
  const full = output.writableLength;
  for (let n = 0; n < 1000; n++) screen.offer(line);
  const kept = output.writableLength - full;
  let text = '';
  output.on('data', (chunk) => { text += chunk; });
  await new Promise((resolve) => output.once('drain', resolve));
  await new Promise(setImmediate);
  process.stderr.write(JSON.stringify({ kept, text }), () => process.exit());
`;

test('a terminal that lags behind: what was left out is said above the line being typed, and takes no room', () => {
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  const { kept, text } = JSON.parse(stderr);
  assert.equal(kept, 0);
  const model = new ScreenModel(80);
  model.write(text);
  assert.match(String(model), /x{70}\n1000 lines were not shown\n> pay bo\n?$/);
});
