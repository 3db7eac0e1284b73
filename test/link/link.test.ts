import assert from 'node:assert/strict';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { FrameReader } from '../../src/link/frame.ts';
import { Link } from '../../src/link/link.ts';
import { fixedSide, RecordSealer } from '../support/records.ts';

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
    if (heard === ALL) far.emit('all');
  });
  await once(far, 'all');
  link.destroy();
});
