import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoggedEvent } from '../../support/internals.ts';
import { jsonLines } from '../../support/internals.ts';

describe('the log as JSON', () => {
  const lineOf = jsonLines();

  test('level and time, then the keys of the event, in one line', () => {
    const line = lineOf({ event: 'connect', conn: 3, host: '192.0.2.1' });
    assert.match(
      line,
      /^\{"level":"info","time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","event":"connect","conn":3,"host":"192\.0\.2\.1"\}$/,
    );
  });

  const LEVELS: [event: LoggedEvent, level: string][] = [
    [{ event: 'warning', text: 'look here' }, 'warn'],
    [{ event: 'dropped', lines: 2 }, 'warn'],
    [{ event: 'login', conn: 1, name: 'alice' }, 'info'],
    [{ event: 'stopped' }, 'info'],
  ];
  for (const [event, level] of LEVELS) {
    test(`${event.event} is of level ${level}`, () => {
      const { level: found, time, ...rest } = JSON.parse(lineOf(event));
      assert.equal(found, level);
      assert.equal(new Date(time).toISOString(), time);
      assert.deepEqual(rest, event);
    });
  }

  test('what could move a cursor is escaped, and read back the same', () => {
    const text = 'a\u001b]52;c;\u0007\u202e\u200b\r\nb\u{e0041}';
    const line = lineOf({ event: 'warning', text });
    assert.match(line, /^[\x20-\x7e]+$/);
    assert.equal(JSON.parse(line).text, text);
  });

  test('what must never be in an event does not get through', () => {
    const slip = { event: 'login', conn: 1, name: 'alice', memo: 'm', secretKey: 's', chat: 'c', key: 'k' };
    const { level, time, ...rest } = JSON.parse(lineOf(slip as LoggedEvent));
    assert.ok(level !== undefined && time !== undefined);
    assert.deepEqual(rest, { event: 'login', conn: 1, name: 'alice' });
  });
});
