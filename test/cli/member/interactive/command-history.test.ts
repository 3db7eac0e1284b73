import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CommandHistory, commandHistoryFile, MAX_HISTORY_LINES } from '../../support/internals.ts';

function newFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'farthing-past-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'farthing', 'history');
}

test('lines are there again, newest first, each once', (t) => {
  const path = newFile(t);
  const lines = new CommandHistory(path);
  for (const line of ['list', 'pay bob 1', 'list']) {
    lines.add(line);
  }
  lines.save();
  assert.deepEqual(new CommandHistory(path).newestFirst(), ['list', 'pay bob 1']);
});

test('nothing that people write to each other is kept, however it got into the file', (t) => {
  const path = newFile(t);
  const lines = new CommandHistory(path);
  const typed = [
    '@bob a secret',
    'a secret that was meant for a chat',
    'help me keep a secret',
    'pay attention to what I say',
    'list all my secrets',
    ' pay bob  10 for a secret',
    'PayRequest#alice#10#bob',
    'pay bob',
    '',
  ];
  for (const line of typed) {
    lines.add(line);
  }
  lines.save();
  const kept = ['pay bob', 'PayRequest#alice#10#bob', 'pay bob 10', 'help'];
  assert.deepEqual(new CommandHistory(path).newestFirst(), kept);
  writeFileSync(path, `${typed.join('\n')}\n`);
  assert.deepEqual(new CommandHistory(path).newestFirst(), kept);
});

test('nobody else can read the file or its folder', (t) => {
  const path = newFile(t);
  const lines = new CommandHistory(path);
  lines.add('list');
  lines.save();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
});

test('the oldest lines go when there are too many', (t) => {
  const path = newFile(t);
  const lines = new CommandHistory(path);
  for (let n = 0; n <= MAX_HISTORY_LINES; n++) {
    lines.add(`history ${n}`);
  }
  lines.save();
  const kept = readFileSync(path, 'utf8').trimEnd().split('\n');
  assert.equal(kept.length, MAX_HISTORY_LINES);
  assert.equal(kept[0], 'history 1');
});

test('a file that cannot be read or written is done without', (t) => {
  const path = newFile(t);
  const blocked = join(path, '..', '..', 'blocked');
  writeFileSync(blocked, '');
  chmodSync(blocked, 0o400);
  const lines = new CommandHistory(join(blocked, 'history'));
  lines.add('list');
  lines.save();
  assert.deepEqual(lines.newestFirst(), ['list']);
});

test('the file stands in the state folder, which must be absolute', () => {
  assert.equal(commandHistoryFile({ XDG_STATE_HOME: '/s' }), '/s/farthing/history');
  for (const env of [{}, { XDG_STATE_HOME: 's' }]) {
    assert.equal(commandHistoryFile({ ...env, HOME: '/h' }), '/h/.local/state/farthing/history');
  }
});
