import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import {
  jsonLines,
  type LoggedEvent,
  LogWriter,
  logLine,
  MAX_LOG_WAITING,
  MAX_MESSAGES_WAITING,
  paint,
} from '../../support/internals.ts';

const WARNING = { event: 'warning', text: 'x'.repeat(100) } as const;
const LINE = `warning: ${WARNING.text}\n`;
const MESSAGE = {
  event: 'message',
  n: 1,
  conn: 1,
  direction: 'recv',
  kind: 'request',
  method: 'list',
} as const;

/** A log that nobody reads yet. */
function unreadLog(json: boolean): { stream: PassThrough; log: LogWriter } {
  const stream = new PassThrough();
  const lineOf = json ? jsonLines() : (event: LoggedEvent) => logLine(event, paint(false));
  return { stream, log: new LogWriter(lineOf, stream) };
}

describe('a log whose reader lags behind', () => {
  test('keeps no more than it can hold, and says how much was left out once it is read', async () => {
    const { stream, log } = unreadLog(false);
    const lines = 100_000;
    for (let line = 0; line < lines; line++) {
      log.write(WARNING);
    }
    assert.ok(stream.writableLength < MAX_LOG_WAITING + LINE.length);
    const reading = text(stream);
    await new Promise((resolve) => stream.once('drain', resolve));
    log.write(WARNING);
    stream.end();
    const all = await reading;
    const [, missing] = /\n([0-9]+) lines were not shown\n/.exec(all) ?? [];
    const kept = lines - Number(missing);
    assert.ok(all === `${LINE.repeat(kept)}${missing} lines were not shown\n${LINE}`);
    assert.ok(kept * LINE.length >= MAX_LOG_WAITING);
  });

  test('leaves out requests and answers before who came and went', async () => {
    const { stream, log } = unreadLog(true);
    for (let line = 0; line < 20_000; line++) {
      log.write(MESSAGE);
    }
    assert.ok(stream.writableLength < MAX_MESSAGES_WAITING + 200);
    log.write({ event: 'disconnect', conn: 1, host: '192.0.2.1', reason: 'closed' });
    log.write(MESSAGE);
    stream.end();
    const all = await text(stream);
    assert.match(all.trimEnd().split('\n').at(-1) ?? '', /"event":"disconnect"/);
  });

  test('by a little, and for ever, sees where lines are missing', async () => {
    const { stream, log } = unreadLog(true);
    const seen: { event: string; n?: number; lines?: number }[] = [];
    let rest = '';
    const read = () => {
      rest += String(stream.read(10_000) ?? '');
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        seen.push(JSON.parse(line));
      }
    };
    const total = 60_000;
    for (let n = 1; n <= total; n += 1) {
      log.write({ ...MESSAGE, n });
      if (n % 100 === 0) {
        read();
        await new Promise(setImmediate);
      }
    }
    log.finish({ event: 'stopped' });
    stream.end();
    while (!stream.readableEnded) {
      read();
      await new Promise(setImmediate);
    }
    let last = 0;
    for (const { event, n = 0, lines = 0 } of seen) {
      if (event === 'dropped') {
        last += lines;
      } else if (event === 'message') {
        assert.equal(n, ++last);
      }
    }
    assert.equal(last, total);
    const notices = seen.filter(({ event }) => event === 'dropped').length;
    assert.ok(notices > 1 && notices < total / 1_000, `${notices} notices`);
  });

  for (const [json, line] of [
    [true, '"event":"dropped","lines":1}\n'],
    [false, '\n1 line was not shown\n'],
  ] as const) {
    test(`says it ${json ? 'in JSON' : 'to people'} at the end at the latest`, async () => {
      const { stream, log } = unreadLog(json);
      while (stream.writableLength < MAX_LOG_WAITING) {
        log.write(WARNING);
      }
      log.write(WARNING);
      log.finish({ event: 'stopped' });
      log.finish({ event: 'stopped' });
      stream.end();
      const [, after = '', ...more] = (await text(stream)).split(line);
      assert.match(
        after,
        json ? /^.*"event":"stopped"}\n.*"event":"stopped"}\n$/ : /^Stopped\.\nStopped\.\n$/,
      );
      assert.deepEqual(more, []);
    });
  }

  test('that keeps up is shown everything', async () => {
    const { stream, log } = unreadLog(false);
    log.write(WARNING);
    log.finish(WARNING);
    stream.end();
    assert.equal(await text(stream), LINE + LINE);
  });
});
