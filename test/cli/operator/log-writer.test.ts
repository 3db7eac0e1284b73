import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { paint } from '../../../src/cli/colour.ts';
import { jsonLines } from '../../../src/cli/operator/json-log.ts';
import { type LoggedEvent, logLine } from '../../../src/cli/operator/log.ts';
import { LogWriter } from '../../../src/cli/operator/log-writer.ts';

const WARNING = { event: 'warning', text: 'x'.repeat(100) } as const;
const LINE = `warning: ${WARNING.text}\n`;

/** A log that nobody reads yet, with room for two lines and a bit. */
function unreadLog(json: boolean): { stream: PassThrough; log: LogWriter } {
  const stream = new PassThrough({ highWaterMark: 250 });
  const lineOf = json ? jsonLines() : (event: LoggedEvent) => logLine(event, paint(false));
  return { stream, log: new LogWriter(lineOf, stream) };
}

describe('a log whose reader lags behind', () => {
  test('keeps no more than it can hold, and says how much was left out once it is read', async () => {
    const { stream, log } = unreadLog(false);
    for (let line = 0; line < 10_000; line++) log.write(WARNING);
    assert.ok(stream.writableLength + stream.readableLength < 1_000);
    const reading = text(stream);
    await new Promise((resolve) => stream.once('drain', resolve));
    log.write(WARNING);
    stream.end();
    const all = await reading;
    const kept = all.indexOf('9') / LINE.length;
    assert.equal(all, `${LINE.repeat(kept)}${10_000 - kept} lines were not shown\n${LINE}`);
    assert.ok(kept >= 2);
  });

  for (const [json, line] of [
    [true, '"event":"dropped","lines":1}\n'],
    [false, '\n1 line was not shown\n'],
  ] as const) {
    test(`says it ${json ? 'in JSON' : 'to people'} at the end at the latest`, async () => {
      const { stream, log } = unreadLog(json);
      while (!stream.writableNeedDrain) log.write(WARNING);
      log.write(WARNING);
      log.tellDropped();
      log.tellDropped();
      stream.end();
      const all = await text(stream);
      assert.ok(all.endsWith(line), all);
      assert.equal(all.split(line).length, 2);
    });
  }

  test('that keeps up is shown everything', async () => {
    const { stream, log } = unreadLog(false);
    log.write(WARNING);
    log.tellDropped();
    stream.end();
    assert.equal(await text(stream), LINE);
  });
});
