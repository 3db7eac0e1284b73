import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { FrameReader } from '../../src/link/frame.ts';
import { MAX_MESSAGE, MAX_QUEUED } from '../../src/link/limits.ts';
import { Link } from '../../src/link/link.ts';
import { fixedSide, RecordSealer } from '../support/records.ts';

test('one who asks for signs of life and never reads them is given up', async () => {
  const [near, far] = duplexPair();
  const link = new Link(near, new FrameReader(), fixedSide(false), { host: '192.0.2.1', port: 1 });
  const ended = new Promise((resolve) => link.on('close', (error) => resolve(error?.code)));
  link.on('message', () => {});
  while (link.queuedBytes + MAX_MESSAGE < MAX_QUEUED) link.send(new Uint8Array(MAX_MESSAGE));
  link.flush();
  const asker = new RecordSealer();
  far.write(Buffer.concat(Array.from({ length: 1_000 }, () => asker.seal('ping'))));
  assert.equal(
    await Promise.race([ended, new Promise((resolve) => setImmediate(resolve, 'given no end'))]),
    'overflow',
  );
});
