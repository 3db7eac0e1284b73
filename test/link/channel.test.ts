import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { IDLE_LIMIT_MS, MAX_MESSAGE, PING_AFTER_MS, REKEY_INTERVAL } from '../../src/link/limits.ts';
import { bytes, channelPair, text } from '../support/pipe.ts';

test('messages queued together leave in one record', () => {
  const { a, b } = channelPair();
  for (const word of ['one ', 'two ', 'three']) a.channel.send(bytes(word));
  const received = b.read(a.channel.flush());
  assert.deepEqual(
    received.map((each) => each.type === 'data' && text(each.body)),
    ['one two three'],
  );
  assert.equal(a.channel.flush().length, 0);
});

test('a message never spans records', () => {
  const { a, b } = channelPair();
  const sizes = [1, MAX_MESSAGE, 40_000, 30_000, 1];
  for (const size of sizes) a.channel.send(new Uint8Array(size).fill(size & 0xff));
  const received = b.read(a.channel.flush());
  assert.deepEqual(
    received.map((each) => each.type === 'data' && each.body.length),
    [1, MAX_MESSAGE, 40_000, 30_001],
  );
});

test('a message that no record can hold is the programmer’s error', () => {
  const { a } = channelPair();
  assert.throws(() => a.channel.send(new Uint8Array(MAX_MESSAGE + 1)), RangeError);
  assert.throws(() => a.channel.send(new Uint8Array(0)), RangeError);
});

test('any schedule of sending, flushing and cutting delivers the same bytes in order', () => {
  const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      messages,
      fc.array(fc.boolean()),
      fc.array(fc.integer({ min: 1, max: 5_000 })),
      (sent, flushes, cuts) => {
        const { a, b } = channelPair();
        const wire: Uint8Array[] = [];
        for (const [at, message] of sent.entries()) {
          a.channel.send(message);
          if (flushes[at] === true) wire.push(a.channel.flush());
        }
        const stream = Buffer.concat([...wire, a.channel.flush()]);
        const seen: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          for (const each of b.read(stream.subarray(at, at + cut)))
            if (each.type === 'data') seen.push(each.body);
          at += cut;
        }
        assert.deepEqual(Buffer.concat(seen), Buffer.concat(sent));
      },
    ),
    { numRuns: 60 },
  );
});

test('both directions go on across several rekeys', () => {
  const { a, b } = channelPair();
  for (let n = 0; n < 3 * REKEY_INTERVAL + 2; n++) {
    a.channel.send(Uint8Array.of(n & 0xff));
    const [there] = b.read(a.channel.flush());
    assert.ok(there?.type === 'data' && there.body[0] === (n & 0xff), `record ${n}`);
    if (n % 3 !== 0) continue;
    b.channel.send(Uint8Array.of(n & 0xff));
    assert.equal(a.read(b.channel.flush()).length, 1);
  }
});

describe('ping', () => {
  test('a quiet side asks, the other answers, and the answer counts as a sign of life', () => {
    const { a, b } = channelPair();
    a.channel.tick(PING_AFTER_MS - 1);
    assert.equal(a.channel.dirty, false);
    a.channel.tick(PING_AFTER_MS);
    b.read(a.channel.flush(), PING_AFTER_MS);
    const pong = b.channel.flush();
    assert.equal(pong.length, 2 + 64 + 16);
    a.read(pong, PING_AFTER_MS + 1);
    a.channel.tick(IDLE_LIMIT_MS + 1);
  });

  test('a side that hears nothing asks again and then ends', () => {
    const { a } = channelPair();
    let pings = 0;
    for (let now = 0; now < IDLE_LIMIT_MS; now += 1_000) {
      a.channel.tick(now);
      if (a.channel.flush().length > 0) pings++;
    }
    assert.equal(pings, 2);
    assert.throws(() => a.channel.tick(IDLE_LIMIT_MS), { code: 'idle_timeout' });
  });

  test('each PING gets its PONG', () => {
    const { a, b } = channelPair();
    a.channel.tick(PING_AFTER_MS);
    const first = a.channel.flush();
    a.channel.tick(2 * PING_AFTER_MS);
    b.read(Buffer.concat([first, a.channel.flush()]));
    assert.equal(b.channel.flush().length, 2 * (2 + 64 + 16));
  });
});

describe('close', () => {
  test('goes behind what is queued; after it nothing is sent', () => {
    const { a, b } = channelPair();
    a.channel.send(bytes('last words'));
    a.channel.close();
    a.channel.send(bytes('too late'));
    const received = b.read(a.channel.flush());
    assert.deepEqual(
      received.map((each) => each.type),
      ['data', 'close'],
    );
    assert.equal(a.channel.finished, false);
    b.channel.send(bytes('an answer'));
    b.channel.close();
    assert.deepEqual(
      a.read(b.channel.flush()).map((each) => each.type),
      ['data', 'close'],
    );
    assert.equal(a.channel.finished && b.channel.finished, true);
    assert.equal(a.channel.flush().length, 0);
  });

  test('a PING that comes after our CLOSE gets no answer', () => {
    const { a, b } = channelPair();
    a.channel.tick(PING_AFTER_MS);
    b.channel.close();
    b.channel.flush();
    b.read(a.channel.flush());
    assert.equal(b.channel.flush().length, 0);
  });

  test('a record after CLOSE ends the link', () => {
    const { a, b } = channelPair();
    // A sealed record cannot be made after CLOSE by an honest channel: the same CLOSE again stands for it.
    a.channel.close();
    const close = a.channel.flush();
    b.read(close.slice());
    assert.throws(() => b.read(close.slice()), { code: 'bad_record' });
  });
});
