import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { LineWriter, MAX_UNREAD } from '../support/internals.ts';

const CHAT = `bob: ${'x'.repeat(100)}\n`;

function unreadLines(): { stream: PassThrough; lines: LineWriter } {
  const stream = new PassThrough();
  return { stream, lines: new LineWriter(stream, (count) => `${count} left out\n`) };
}

describe('lines for a reader who lags behind', () => {
  test('take no more than a bound, and say what was left out once they are read', async () => {
    const { stream, lines } = unreadLines();
    const total = 100_000;
    for (let line = 0; line < total; line++) {
      lines.offer(() => CHAT);
    }
    assert.ok(stream.writableLength < MAX_UNREAD + CHAT.length);
    const reading = text(stream);
    await new Promise((resolve) => stream.once('drain', resolve));
    lines.offer(() => 'later\n');
    stream.end();
    const all = await reading;
    const [, missing] = /\n([0-9]+) left out\nlater\n$/.exec(all) ?? [];
    assert.equal(all, `${CHAT.repeat(total - Number(missing))}${missing} left out\nlater\n`);
  });

  test('leave out nothing that must be told, and keep its place', async () => {
    const { stream, lines } = unreadLines();
    while (stream.writableLength < MAX_UNREAD) {
      lines.offer(() => CHAT);
    }
    lines.offer(() => CHAT);
    lines.leaveOut();
    lines.write('paid\n');
    lines.tellDropped();
    stream.end();
    assert.ok((await text(stream)).endsWith(`${CHAT}2 left out\npaid\n`));
  });

  test('leave it to whoever knows better where to say it, once there is something to say', async () => {
    const stream = new PassThrough();
    let times = 0;
    const lines = new LineWriter(
      stream,
      (count) => `${count} left out\n`,
      () => {
        times += 1;
        lines.write('prompt\n');
      },
    );
    const reading = text(stream);
    const drained = () => new Promise((resolve) => stream.once('drain', resolve));
    lines.write('x'.repeat(stream.writableHighWaterMark));
    await drained();
    assert.equal(times, 0);
    lines.write('x'.repeat(stream.writableHighWaterMark));
    lines.leaveOut();
    await drained();
    assert.equal(times, 1);
    stream.end();
    assert.match(await reading, /^x+1 left out\nprompt\n$/);
  });

  test('are all there for who keeps up', async () => {
    const { stream, lines } = unreadLines();
    lines.offer(() => CHAT);
    lines.write('paid\n');
    lines.tellDropped();
    stream.end();
    assert.equal(await text(stream), `${CHAT}paid\n`);
  });
});
