// Transport: handshakes that are forged, changed, replayed, or meant for another.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { generateKeyPair, type KeyPair } from '../../src/link/index.ts';
import { encodeRequest } from '../../src/protocol/index.ts';
import { encodeFrame, encodePrelude } from '../link/support/internals.ts';
import { LOW_ORDER } from '../noise/support/low-order.ts';
import { Leftovers } from '../support/programs.ts';
import { codeOf, Direction, Hand, Intruder, record, resultOf, takeFrame } from './support/intruder.ts';
import { Stranger } from './support/stranger.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;

const PRELUDE = encodePrelude('XX', 'server');

/** Connects, and has message 2 in answer to an honest message 1. */
async function answered(hand = new Hand(), one = hand.one()): Promise<{ stranger: Stranger; two: Buffer }> {
  const stranger = await Stranger.connect(target);
  await stranger.send(hand.prelude, one);
  const two = await takeFrame(stranger);
  return { stranger, two: two ?? assert.fail('message 1 is not answered') };
}

/** The same key, its unused highest bit set: RFC 7748 5 has it ignored. */
function withHighBit(publicKey: Uint8Array): Uint8Array {
  const other = Uint8Array.from(publicKey);
  other[31] = (other[31] ?? 0) | 0x80;
  return other;
}

describe('transport: low-order and non-canonical points', () => {
  const points = LOW_ORDER.map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
  const all = [...points, ...points.map(withHighBit)];

  test('a low-order ephemeral key is not answered', () =>
    witness.through(async () => {
      for (const point of all) {
        const stranger = await Stranger.connect(target);
        await stranger.send(PRELUDE, encodeFrame(point));
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));

  test('a low-order ephemeral key beside an honest encapsulation key is not answered', () =>
    witness.through(async () => {
      const hand = new Hand({ suite: 'XXhfs' });
      const one = hand.one();
      one.set(points[0] ?? [], 2);
      const stranger = await Stranger.connect(target);
      await stranger.send(hand.prelude, one);
      await stranger.assertClosed({ reason: 'handshake_failed' });
    }));

  test('a low-order static key is nobody: closed without an answer to message 3', () =>
    witness.through(async () => {
      for (const publicKey of all) {
        const hand = new Hand({ keys: { ...generateKeyPair(), publicKey } });
        const { stranger, two } = await answered(hand);
        hand.two(two);
        await stranger.send(hand.three(), Buffer.alloc(82));
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));

  test('a static key whose secret one has not: closed without an answer to message 3', () =>
    witness.through(async () => {
      const hand = new Hand({ keys: { ...generateKeyPair(), publicKey: target.key } });
      const { stranger, two } = await answered(hand);
      hand.two(two);
      await stranger.send(hand.three());
      await stranger.assertClosed({ reason: 'handshake_failed' });
    }));

  test('ephemeral keys beyond 2^255-19 are points like others: message 2, and no further', () =>
    witness.through(async () => {
      for (let above = 2; above <= 18; above++) {
        const point = new Uint8Array(32).fill(0xff);
        point[0] = 0xed + above;
        point[31] = 0x7f;
        const { stranger } = await answered(new Hand(), Buffer.from(encodeFrame(point)));
        await stranger.send(encodeFrame(new Uint8Array(80)));
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));

  test('another encoding of a static key is another person, who has nothing of the first', () =>
    witness.through(async () => {
      const first = await Intruder.member(target, 'encoded');
      const keys: KeyPair = { ...first.keys, publicKey: withHighBit(first.keys.publicKey) };
      assert.notDeepEqual(keys.publicKey, first.keys.publicKey);
      const other = await Intruder.open(target, { keys });
      assert.equal(codeOf(await other.ask('login', { name: 'encoded', port: 0 })), 220);
      await first.exit();
      await other.stranger.hangUp();
    }));

  test('an encapsulation key that is none: closed without an answer', () =>
    witness.through(async () => {
      for (const fill of [0xff, 0xd0]) {
        const hand = new Hand({ suite: 'XXhfs' });
        const one = hand.one();
        one.fill(fill, 2 + 32); // FIPS 203 7.2: coefficients of 3329 and more are refused
        const stranger = await Stranger.connect(target);
        await stranger.send(hand.prelude, one);
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));
});

describe('transport: reflected, replayed and reordered handshake messages', () => {
  test('message 1 again in the place of message 3', () =>
    witness.through(async () => {
      const one = new Hand().one();
      const { stranger } = await answered(new Hand(), one);
      await stranger.send(one);
      await stranger.assertClosed({ reason: 'handshake_failed' });
    }));

  test('the whole opening twice', () =>
    witness.through(async () => {
      const hand = new Hand();
      const one = hand.one();
      const { stranger } = await answered(hand, one);
      await stranger.send(PRELUDE, one);
      // "FR" is read as a length.
      await stranger.assertClosed({ reason: 'bad_frame' });
    }));

  test('message 2 reflected', () =>
    witness.through(async () => {
      for (const suite of ['XX', 'XXhfs'] as const) {
        const { stranger, two } = await answered(new Hand({ suite }));
        await stranger.send(encodeFrame(two));
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));

  test('message 3 before message 1', () =>
    witness.through(async () => {
      const hand = new Hand();
      const { stranger, two } = await answered(hand);
      hand.two(two);
      const other = await Stranger.connect(target);
      await other.send(PRELUDE, hand.three());
      await other.assertClosed({ reason: 'bad_frame' });
      await stranger.hangUp();
    }));

  test('message 1 before the prelude', () =>
    witness.through(async () => {
      const stranger = await Stranger.connect(target);
      await stranger.send(new Hand().one(), PRELUDE);
      await stranger.assertClosed({ reason: 'bad_prelude' });
    }));

  test('message 3 twice: the second is no record', () =>
    witness.through(async () => {
      const hand = new Hand();
      const { stranger, two } = await answered(hand);
      hand.two(two);
      const three = hand.three();
      await stranger.send(three, three);
      await stranger.assertClosed({ reason: 'decrypt_failed' });
    }));

  test('a recorded session with a payment, played again: nothing is paid', () =>
    witness.through(async () => {
      const hand = new Hand();
      const one = hand.one();
      const { stranger, two } = await answered(hand, one);
      hand.two(two);
      const three = hand.three();
      const sending = new Direction(hand.finish().send);
      const messages = [
        encodeRequest(1, 'register', { name: 'recorded' }),
        encodeRequest(2, 'login', { name: 'recorded', port: 0 }),
        encodeRequest(3, 'pay', { to: 'shop', amount: 5, id: new Uint8Array(16).fill(5) }),
        encodeRequest(4, 'exit', {}),
      ];
      const session = [
        three,
        sending.seal(record('data', Buffer.concat(messages))),
        sending.seal(record('close')),
      ];
      await stranger.send(...session);
      while ((await takeFrame(stranger)) !== undefined) {}
      await stranger.hangUp();
      await target.assertReason(stranger.address, 'closed');

      const again = await Stranger.connect(target);
      await again.send(PRELUDE, one);
      assert.ok(await takeFrame(again));
      await again.send(...session);
      await again.assertClosed({ reason: 'handshake_failed' });

      const owner = await Intruder.open(target, { keys: hand.keys });
      assert.equal(codeOf(await owner.ask('login', { name: 'recorded', port: 0 })), 100);
      const transfers = resultOf(await owner.ask('history'))['transfers'] as readonly {
        readonly from: string;
      }[];
      assert.deepEqual(
        transfers.map(({ from }) => from),
        ['recorded', 'issuer'],
      );
      await owner.exit();
    }));
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
