// Transport: those who connect and take their time. Each is ended by a deadline; they all wait for theirs at
// once.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeRequest } from '../../src/protocol/index.ts';
import { encodePrelude, KIND } from '../link/support/internals.ts';
import { Leftovers } from '../support/programs.ts';
import { Hand, Intruder, takeFrame } from './support/intruder.ts';
import { Stranger } from './support/stranger.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;

/** Sends a byte, and another every 9 s, until the server has had enough. */
async function drip(stranger: Stranger, bytes: Uint8Array): Promise<void> {
  const over = new AbortController();
  void stranger.over.then(() => over.abort());
  for (const byte of bytes) {
    await stranger.send(Uint8Array.of(byte));
    await pause(9_000, undefined, { signal: over.signal }).catch(() => {});
    if (over.signal.aborted) {
      return;
    }
  }
}

/** The server has asked, once, whether anybody is there. */
async function assertAsked(link: Intruder): Promise<void> {
  assert.equal((await link.hear())?.kind, KIND.ping);
}

/** Somebody who has had message 2. */
async function halfway(hand: Hand): Promise<Stranger> {
  const stranger = await Stranger.connect(target);
  await stranger.send(hand.prelude, hand.one());
  hand.two((await takeFrame(stranger)) ?? assert.fail('no message 2'));
  return stranger;
}

/** Somebody who has said all that they will say, and stays. */
interface Sitter {
  readonly name: string;
  readonly come: () => Promise<Stranger>;
}

const SILENT: readonly Sitter[] = [
  { name: 'connect and stay silent', come: () => Stranger.connect(target) },
  {
    name: 'half of the prelude and silence',
    come: async () => {
      const stranger = await Stranger.connect(target);
      await stranger.send(encodePrelude('XX', 'server').subarray(0, 4));
      return stranger;
    },
  },
  {
    name: 'message 1 without its end',
    come: async () => {
      const hand = new Hand({ suite: 'XXhfs' });
      const stranger = await Stranger.connect(target);
      await stranger.send(hand.prelude, hand.one().subarray(0, 1_000));
      return stranger;
    },
  },
  { name: 'no message 3', come: () => halfway(new Hand()) },
];

describe('transport: slow strangers', { concurrency: true }, () => {
  for (const { name, come } of SILENT) {
    test(`${name}: ended by the deadline, without a word`, () =>
      witness.through(async () => {
        const crowd = await Promise.all(Array.from({ length: 20 }, come));
        await Promise.all(crowd.map((stranger) => stranger.assertClosed({ reason: 'handshake_timeout' })));
      }));
  }

  test('one byte every 9 s, from the first on: ended by the deadline of the whole handshake', () =>
    witness.through(async () => {
      const crowd = await Promise.all(Array.from({ length: 20 }, () => Stranger.connect(target)));
      await Promise.all(
        crowd.map(async (stranger) => {
          await drip(stranger, new Hand().prelude);
          await stranger.assertClosed({ reason: 'handshake_timeout' });
        }),
      );
    }));

  test('one byte of message 3 every 9 s', () =>
    witness.through(async () => {
      const hand = new Hand();
      const stranger = await halfway(hand);
      await drip(stranger, hand.three());
      await stranger.assertClosed({ reason: 'handshake_timeout' });
    }));

  test('one byte of a record every 9 s, by somebody logged in: ended by the deadline of the frame', () =>
    witness.through(async () => {
      const link = await Intruder.member(target, 'dripping');
      await drip(link.stranger, link.data(encodeRequest(9, 'list', {})));
      await assertAsked(link);
      await link.assertClosed('frame_timeout');
    }));

  test('a claim of 65535 bytes, and one of them every 9 s', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      await link.send(Buffer.of(0xff, 0xff));
      await drip(link.stranger, new Uint8Array(100));
      await assertAsked(link);
      await link.assertClosed('frame_timeout');
    }));

  test('refused, and stays: ended all the same', () =>
    witness.through(async () => {
      const stranger = await Stranger.connect(target);
      await stranger.send(encodePrelude('XX', 'peer'));
      await stranger.assertClosed({ reply: '000003', reason: 'refused_purpose' });
    }));

  test("exit, and no answer to the server's CLOSE: ended by its deadline", () =>
    witness.through(async () => {
      const link = await Intruder.member(target, 'lingering');
      await link.ask('exit');
      assert.equal((await link.hear())?.kind, KIND.close);
      await link.assertClosed('truncated');
    }));

  test('CLOSE from both sides, and the connection kept open: ended by its deadline', () =>
    witness.through(async () => {
      const link = await Intruder.member(target, 'staying');
      await link.send(link.control('close'));
      assert.equal((await link.hear())?.kind, KIND.close);
      await target.assertReason(link.stranger.address, 'closed');
      await link.stranger.hangUp();
    }));
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
