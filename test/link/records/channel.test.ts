import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { IDLE_LIMIT_MS, MAX_MESSAGE, PING_AFTER_MS, REKEY_INTERVAL } from '../support/internals.ts';
import { bytes, channelPair, flushed, text } from '../support/pipe.ts';

test('messages queued together leave in one record', () => {
  const { a, b } = channelPair();
  for (const word of ['one ', 'two ', 'three']) {
    a.channel.send(bytes(word));
  }
  const received = b.read(flushed(a.channel));
  assert.deepEqual(
    received.map((each) => each.type === 'data' && text(each.body)),
    ['one two three'],
  );
  assert.equal(flushed(a.channel).length, 0);
});

test('a message never spans records', () => {
  const { a, b } = channelPair();
  const sizes = [1, MAX_MESSAGE, 40_000, 30_000, 1];
  for (const size of sizes) {
    a.channel.send(new Uint8Array(size).fill(size & 0xff));
  }
  const received = b.read(flushed(a.channel));
  assert.deepEqual(
    received.map((each) => each.type === 'data' && each.body.length),
    [1, MAX_MESSAGE, 40_000, 30_000, 1],
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
          if (flushes[at] === true) {
            wire.push(flushed(a.channel));
          }
        }
        const stream = Buffer.concat([...wire, flushed(a.channel)]);
        const seen: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          for (const each of b.read(stream.subarray(at, at + cut))) {
            if (each.type === 'data') {
              seen.push(each.body);
            }
          }
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
    const [there] = b.read(flushed(a.channel));
    assert.ok(there?.type === 'data' && there.body[0] === (n & 0xff), `record ${n}`);
    if (n % 3 !== 0) {
      continue;
    }
    b.channel.send(Uint8Array.of(n & 0xff));
    assert.equal(a.read(flushed(b.channel)).length, 1);
  }
});

describe('ping', () => {
  test('a quiet side asks, the other answers, and the answer counts as a sign of life', () => {
    const { a, b } = channelPair();
    a.channel.tick(PING_AFTER_MS - 1);
    assert.equal(a.channel.dirty, false);
    a.channel.tick(PING_AFTER_MS);
    b.read(flushed(a.channel), PING_AFTER_MS);
    const pong = flushed(b.channel);
    assert.equal(pong.length, 2 + 64 + 16);
    a.read(pong, PING_AFTER_MS + 1);
    a.channel.tick(IDLE_LIMIT_MS + 1);
  });

  test('a side that hears nothing asks again and then ends', () => {
    const { a } = channelPair();
    let pings = 0;
    for (let now = 0; now < IDLE_LIMIT_MS; now += 1_000) {
      a.channel.tick(now);
      if (flushed(a.channel).length > 0) {
        pings++;
      }
    }
    assert.equal(pings, 2);
    assert.throws(() => a.channel.tick(IDLE_LIMIT_MS), { code: 'idle_timeout' });
  });

  test('each PING gets its PONG', () => {
    const { a, b } = channelPair();
    a.channel.tick(PING_AFTER_MS);
    const first = flushed(a.channel);
    a.channel.tick(2 * PING_AFTER_MS);
    b.read(Buffer.concat([first, flushed(a.channel)]));
    assert.equal(flushed(b.channel).length, 2 * (2 + 64 + 16));
  });
});

describe('close', () => {
  test('goes behind what is queued; after it nothing is sent', () => {
    const { a, b } = channelPair();
    a.channel.send(bytes('last words'));
    a.channel.close();
    a.channel.send(bytes('too late'));
    const received = b.read(flushed(a.channel));
    assert.deepEqual(
      received.map((each) => each.type),
      ['data', 'close'],
    );
    assert.equal(a.channel.finished, false);
    b.channel.send(bytes('an answer'));
    b.channel.close();
    assert.deepEqual(
      a.read(flushed(b.channel)).map((each) => each.type),
      ['data', 'close'],
    );
    assert.equal(a.channel.finished && b.channel.finished, true);
    assert.equal(flushed(a.channel).length, 0);
  });

  test('a PING that comes after our CLOSE gets no answer', () => {
    const { a, b } = channelPair();
    a.channel.tick(PING_AFTER_MS);
    b.channel.close();
    flushed(b.channel);
    b.read(flushed(a.channel));
    assert.equal(flushed(b.channel).length, 0);
  });

  test('a record after CLOSE ends the link', () => {
    const { a, b } = channelPair();
    // A sealed record cannot be made after CLOSE by an honest channel: the same CLOSE again stands for it.
    a.channel.close();
    const close = flushed(a.channel);
    b.read(close.slice());
    assert.throws(() => b.read(close.slice()), { code: 'bad_record' });
  });
});
