import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Output, ProgressLine } from '../support/internals.ts';

// Whatever terminal the tests run at: a dumb one has no such line.
process.env['TERM'] = 'xterm-256color';

/** A line, what it has written, and a clock to be moved, ms. */
function lineOn({ isTTY = true, quiet = false }) {
  const clock = { now: 0 };
  const written: string[] = [];
  const stream = { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
  const out = new Output({ json: false, quiet, noColor: true });
  return { clock, written, line: new ProgressLine(out, stream, () => clock.now) };
}

const last = (written: string[]) => written.at(-1)?.replace('\r\u001b[K', '');

describe('a line of progress', () => {
  test('says how much is done, and how long the rest will take', () => {
    const { clock, written, line } = lineOn({});
    line.show('audit', 0, 4_000_000);
    clock.now = 10_000;
    line.show('audit', 1_000_000, 4_000_000);
    assert.equal(last(written), 'Checking: 1,000,000 of 4,000,000 transfers, 30 s left');
    clock.now = 40_000;
    line.show('audit', 4_000_000, 4_000_000);
    assert.equal(last(written), 'Checking: 4,000,000 transfers carried out, now the file itself');
    line.show('copy', 0, 1_000);
    clock.now = 240_000;
    line.show('copy', 500, 1_000);
    assert.equal(last(written), 'Copying: 50 %, 4 min left', 'the time counts from where the copy began');
  });

  test('is not written more often than an eye sees it, and is gone in the end', () => {
    const { clock, written, line } = lineOn({});
    for (let done = 0; done < 1_000; done += 1) {
      clock.now += 1;
      line.show('audit', done, 100_000);
    }
    assert.ok(written.length <= 10, String(written.length));
    line.clear();
    assert.equal(last(written), '');
  });

  test('is nowhere but on a terminal that wants it', () => {
    for (const kind of [{ isTTY: false }, { quiet: true }]) {
      const { written, line } = lineOn(kind);
      line.show('audit', 1, 2);
      line.clear();
      assert.deepEqual(written, []);
    }
  });
});
