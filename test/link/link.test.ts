import assert from 'node:assert/strict';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import { FRAME_TIMEOUT_MS, FrameReader, Link } from './support/internals.ts';
import { fixedSide, RecordSealer } from './support/records.ts';

/** Bytes of a sealed PONG: length, record, tag. */
const PONG = 2 + 64 + 16;
const TURNS = 10;
const PINGS_A_TURN = 100;
const ALL = TURNS * PINGS_A_TURN * PONG;

test('one who asks for signs of life and does not read them is owed them, and holds no memory', async () => {
  const [near, far] = duplexPair({ highWaterMark: 4_096 });
  const link = new Link(near, new FrameReader(), fixedSide(false), { host: '192.0.2.1', port: 1 });
  link.on('message', () => {});
  const asker = new RecordSealer();
  let most = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const pings = Array.from({ length: PINGS_A_TURN }, () => asker.seal('ping'));
    await new Promise((resolve) => far.write(Buffer.concat(pings), resolve));
    await new Promise(setImmediate);
    most = Math.max(most, link.queuedBytes);
  }
  assert.ok(most > 0 && most <= ALL / 2, `${most} of ${ALL} bytes queued`);
  let heard = 0;
  far.on('data', (chunk: Buffer) => {
    heard += chunk.length;
    if (heard === ALL) {
      far.emit('all');
    }
  });
  await once(far, 'all');
  link.destroy();
});

describe('a frame that does not come to its end', () => {
  /** A link, and the pieces of a stream of three records that the test delivers. */
  function begun() {
    const [near, far] = duplexPair();
    const link = new Link(near, new FrameReader(), fixedSide(false), { host: '192.0.2.1', port: 1 });
    const ended = new Promise<string | undefined>((resolve) =>
      link.on('close', (error) => resolve(error?.code)),
    );
    link.on('message', () => {});
    far.resume();
    const sealer = new RecordSealer();
    const stream = Buffer.concat([sealer.seal('ping'), sealer.seal('ping'), sealer.seal('ping')]);
    const deliver = async (from: number, to: number) => {
      await new Promise((resolve) => far.write(stream.subarray(from, to), resolve));
      await new Promise(setImmediate);
    };
    const frame = stream.length / 3;
    return { link, ended, deliver, frame };
  }

  test('ends the link, and does not before its time', async () => {
    const { link, ended, deliver, frame } = begun();
    await deliver(0, frame + 1);
    const time = performance.now();
    assert.ok(link.tick(time) <= time + FRAME_TIMEOUT_MS);
    link.tick(time + FRAME_TIMEOUT_MS - 1_000);
    assert.equal(link.closed, false);
    link.tick(time + FRAME_TIMEOUT_MS);
    assert.equal(await ended, 'frame_timeout');
  });

  test('gains no time by another byte of it', async () => {
    const { link, ended, deliver, frame } = begun();
    await deliver(0, frame + 1);
    const time = performance.now();
    for (let at = 1; at < 20; at++) {
      await deliver(frame + at, frame + at + 1);
    }
    link.tick(time + FRAME_TIMEOUT_MS);
    assert.equal(await ended, 'frame_timeout');
  });

  test('has its own time, whatever came before it', async () => {
    const { link, deliver, frame } = begun();
    await deliver(0, frame - 1);
    const time = performance.now();
    while (performance.now() < time + 2) {
      await new Promise(setImmediate);
    }
    await deliver(frame - 1, 2 * frame - 1);
    link.tick(time + FRAME_TIMEOUT_MS);
    assert.equal(link.closed, false);
    await deliver(2 * frame - 1, 3 * frame);
    const next = link.tick(time + FRAME_TIMEOUT_MS + 10_000);
    assert.equal(link.closed, false);
    assert.ok(next > time + FRAME_TIMEOUT_MS + 10_000);
    link.destroy();
  });

  test('is not held against one to whom we do not listen', async () => {
    const { link, deliver, frame } = begun();
    await deliver(0, frame - 1);
    link.pause();
    link.tick(performance.now() + 2 * FRAME_TIMEOUT_MS);
    assert.equal(link.closed, false);
    link.destroy();
  });
});
