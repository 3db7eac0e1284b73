// Transport: records that are changed, replayed, dropped, reordered, or of a form that none may have.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { encodeRequest } from '../../src/protocol/index.ts';
import {
  encodeFrame,
  KIND,
  MAX_MESSAGE,
  MAX_RECORD,
  RECORD_HEADER,
  REKEY_INTERVAL,
} from '../link/support/internals.ts';
import { Leftovers } from '../support/programs.ts';
import { codeOf, Intruder, record } from './support/intruder.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;

const NOTHING = new Uint8Array(0);
const LIST = encodeRequest(1, 'list', {});
/** Bytes of the frame of a small record: length, 64 bytes, tag. */
const SMALL_FRAME = 2 + 64 + 16;

let count = 0;

/** Somebody new who is logged in. */
function member(): Promise<Intruder> {
  count += 1;
  return Intruder.member(target, `member-${count}`);
}

/** A payment to the witness's shop, which comes about at most once. */
function payment(): Uint8Array {
  count += 1;
  const id = new Uint8Array(16);
  new DataView(id.buffer).setUint32(12, count);
  return encodeRequest(count, 'pay', { to: 'shop', amount: 1, id });
}

/** The same frame with one byte changed. */
function flipped(frame: Uint8Array, at: number, mask: number): Buffer {
  const copy = Buffer.from(frame);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

describe('transport: bit flips and truncated tags in records', () => {
  test('every byte of a record with a payment: closed without an answer, and nothing is paid', () =>
    witness.through(async () => {
      const victim = await member();
      const { keys } = victim;
      for (let at = 2; at < SMALL_FRAME; at++) {
        const link = await Intruder.open(target, { keys });
        assert.equal(codeOf(await link.ask('login', { name: victim.name, port: 0 })), 100);
        await link.send(flipped(link.data(payment()), at, 1 << (at % 8)));
        await link.assertClosed('decrypt_failed');
      }
      assert.equal(await victim.payments(target), 0);
    }));

  test('a length made longer waits for bytes that never come; made shorter it does not open', () =>
    witness.through(async () => {
      const longer = await member();
      await longer.send(flipped(longer.data(payment()), 0, 0x80));
      await witness.waits();
      longer.stranger.halfClose();
      await longer.assertClosed('truncated');
      const shorter = await member();
      await shorter.send(flipped(shorter.data(payment()), 1, 0x10));
      await shorter.assertClosed('decrypt_failed');
      assert.deepEqual([await longer.payments(target), await shorter.payments(target)], [0, 0]);
    }));

  test('a record without the last 1 to 16 bytes of its tag', () =>
    witness.through(async () => {
      for (let less = 1; less <= 16; less++) {
        const link = await Intruder.open(target);
        const frame = link.data(LIST);
        await link.send(encodeFrame(frame.subarray(2, frame.length - less)));
        await link.assertClosed('decrypt_failed');
      }
    }));
});

describe('transport: records replayed, dropped, reordered', () => {
  test('replayed at once: the first is answered, the second ends the link, and it is paid once', () =>
    witness.through(async () => {
      const link = await member();
      const frame = link.data(payment());
      await link.send(frame);
      assert.equal(codeOf(await link.answer()), 100);
      await link.send(frame);
      await link.assertClosed('decrypt_failed');
      assert.equal(await link.payments(target), 1);
    }));

  test('replayed after others', () =>
    witness.through(async () => {
      const link = await member();
      const frames = [link.data(payment()), link.data(LIST), link.control('ping')];
      await link.send(...frames);
      assert.equal(codeOf(await link.answer()), 100);
      assert.equal(codeOf(await link.answer()), 100);
      await link.send(...frames);
      await link.assertClosed('decrypt_failed');
      assert.equal(await link.payments(target), 1);
    }));

  test('dropped: what follows does not open', () =>
    witness.through(async () => {
      const link = await member();
      link.data(payment());
      await link.send(link.data(LIST));
      await link.assertClosed('decrypt_failed');
      assert.equal(await link.payments(target), 0);
    }));

  test('reordered: neither is carried out', () =>
    witness.through(async () => {
      const link = await member();
      const [first, second] = [link.data(payment()), link.data(payment())];
      await link.send(second, first);
      await link.assertClosed('decrypt_failed');
      assert.equal(await link.payments(target), 0);
    }));

  test('a record of another direction, key or nonce', () =>
    witness.through(async () => {
      for (const forge of [
        (link: Intruder) => link.receiving.seal(record('data', LIST)),
        (link: Intruder) => {
          link.sending.cipher.setNonce(5);
          return link.data(LIST);
        },
        (link: Intruder) => {
          link.sending.cipher.initializeKey(new Uint8Array(32));
          return link.data(LIST);
        },
      ]) {
        const link = await Intruder.open(target);
        await link.send(forge(link));
        await link.assertClosed('decrypt_failed');
      }
    }));
});

describe('transport: end of stream without CLOSE', () => {
  test('after a payment: it is made once, and the link counts as broken', () =>
    witness.through(async () => {
      const link = await member();
      await link.send(link.data(payment()));
      link.stranger.halfClose();
      const answer = await link.answer();
      // The answer may come or not: the other side has broken the link.
      assert.ok(answer === undefined || codeOf(answer) === 100);
      await link.assertClosed('truncated');
      assert.equal(await link.payments(target), 1);
    }));

  test('within a record: it is not carried out', () =>
    witness.through(async () => {
      for (const at of [1, 2, 40, SMALL_FRAME - 1]) {
        const link = await member();
        await link.send(link.data(payment()).subarray(0, at));
        link.stranger.halfClose();
        await link.assertClosed('truncated');
        assert.equal(await link.payments(target), 0);
      }
    }));

  test('by a reset in the middle of 50 payments: each is made once or not at all', () =>
    witness.through(async () => {
      const link = await member();
      await link.send(...Array.from({ length: 50 }, () => link.data(payment())));
      await link.stranger.reset();
      await target.assertReason(link.stranger.address, 'truncated');
      assert.ok((await link.payments(target)) <= 50);
    }));
});

/** Lengths that no frame after the handshake has: below 19 bytes there is no room for a header and a tag. */
const SHORT = Array.from({ length: 19 }, (_, length) => length);

/** Plaintexts that open and are no records. */
const MALFORMED: readonly (readonly [name: string, plaintext: Uint8Array])[] = [
  ['a zero-length record: DATA without a body', Uint8Array.of(KIND.data, 0, 0)],
  ['a padded DATA record without a body', record('data')],
  ['a body that claims one byte more than there is', Uint8Array.of(KIND.data, 0, 2, 0xc0)],
  ['an oversized claim: 65535 bytes in a small record', Uint8Array.of(KIND.data, 0xff, 0xff, ...LIST)],
  ['an oversized claim in the largest record', Buffer.alloc(MAX_RECORD, 0xff).fill(0, 0, 1)],
  ['padding that is not zero', Buffer.concat([record('data', LIST).subarray(0, 63), Buffer.of(1)])],
  ['a kind that there is not', Uint8Array.of(4, 0, 0)],
  ['kind 255', Uint8Array.of(255, 0, 0)],
  ['CLOSE with a body', Uint8Array.of(KIND.close, 0, 1, 0)],
  ['PING with a body', Uint8Array.of(KIND.ping, 0, 1, 0)],
  ['PONG with a body', Uint8Array.of(KIND.pong, 0, 1, 0)],
];

describe('transport: zero-length and oversized records', () => {
  test('length 0, and every other below 19: closed at once', () =>
    witness.through(async () => {
      for (const length of SHORT) {
        const link = await Intruder.open(target);
        await link.send(encodeFrame(new Uint8Array(length)));
        await link.assertClosed('bad_frame');
      }
    }));

  test('length 65535 and no body: it waits, and others do not', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      await link.send(Buffer.of(0xff, 0xff));
      await witness.newcomer();
      link.stranger.halfClose();
      await link.assertClosed('truncated');
    }));

  test('length 65535 and a body of nothing: closed at once', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      await link.send(encodeFrame(new Uint8Array(65_535)));
      await link.assertClosed('decrypt_failed');
    }));

  for (const [name, plaintext] of MALFORMED) {
    test(`${name}: closed at once`, () =>
      witness.through(async () => {
        const link = await Intruder.open(target);
        await link.send(link.sending.seal(plaintext));
        await link.assertClosed('bad_record');
      }));
  }

  test('the largest record is read, and a message of the largest size is answered', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      const frame = encodeRequest(1, 'list', { unknown: new Uint8Array(65_000) });
      assert.ok(frame.length <= MAX_MESSAGE);
      await link.send(link.data(frame));
      assert.equal(codeOf(await link.answer()), 220);
      const all = new Uint8Array(MAX_RECORD);
      all.set(record('data', LIST).subarray(0, RECORD_HEADER + LIST.length));
      await link.send(link.sending.seal(all));
      assert.equal(codeOf(await link.answer()), 220);
      await link.stranger.hangUp();
    }));

  test('a record after CLOSE: closed at once', () =>
    witness.through(async () => {
      const link = await member();
      await link.send(link.control('close'), link.data(payment()));
      await link.stranger.last();
      await target.assertReason(link.stranger.address, 'bad_record');
      assert.equal(await link.payments(target), 0);
    }));
});

describe('transport: the boundaries of the rekey', () => {
  /** Sends frames; the server answers so many of them, with 220, for nobody is logged in. */
  async function answers(link: Intruder, frames: readonly Uint8Array[], expected: number): Promise<void> {
    await link.send(...frames);
    for (let heard = 0; heard < expected; heard++) {
      assert.equal(codeOf(await link.answer()), 220);
    }
  }

  const honest = (link: Intruder, length: number) =>
    Array.from({ length }, (_, id) => link.data(encodeRequest(id, 'list', {})));

  test('rekeyed after records 1023, 2047 and 3071 as it should be: all are answered', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      const length = 3 * REKEY_INTERVAL + 2;
      await answers(link, honest(link, length), length);
      await link.stranger.hangUp();
    }));

  test('not rekeyed: record 1024 does not open', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      const frames = Array.from({ length: REKEY_INTERVAL + 1 }, () =>
        encodeFrame(link.sending.cipher.seal(NOTHING, record('data', LIST))),
      );
      await link.send(...frames);
      await link.stranger.last();
      await target.assertReason(link.stranger.address, 'decrypt_failed');
    }));

  test('rekeyed one record early: record 1023 does not open', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      await answers(link, honest(link, REKEY_INTERVAL - 1), REKEY_INTERVAL - 1);
      link.sending.cipher.rekey();
      await link.send(link.data(LIST));
      await link.assertClosed('decrypt_failed');
    }));

  test('rekeyed twice: record 1024 does not open', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      await answers(link, honest(link, REKEY_INTERVAL), REKEY_INTERVAL);
      link.sending.cipher.rekey();
      await link.send(link.data(LIST));
      await link.assertClosed('decrypt_failed');
    }));

  test('the last record of the old key again, as the first of the new one', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      const frames = honest(link, REKEY_INTERVAL);
      await answers(link, frames, REKEY_INTERVAL);
      await link.send(frames.at(-1) ?? NOTHING);
      await link.assertClosed('decrypt_failed');
    }));

  test('PINGs count like other records', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      const pings = Array.from({ length: REKEY_INTERVAL - 1 }, () => link.control('ping'));
      await link.send(...pings, ...honest(link, 2));
      assert.deepEqual([codeOf(await link.answer()), codeOf(await link.answer())], [220, 220]);
      await link.stranger.hangUp();
    }));
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
