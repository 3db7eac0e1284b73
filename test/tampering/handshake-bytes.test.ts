import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseBackend } from '../../src/noise/index.ts';
import type { Suite } from '../link/support/internals.ts';
import { FRAME_HEADER, MAX_HANDSHAKE_FRAME } from '../link/support/internals.ts';
import { bytewise } from '../link/support/pieces.ts';
import { type Aftermath, type Attack, besiege, change, other, type Part, type Side } from './siege.ts';

/** The parts of a handshake that are frames, with the side that reads them. */
const FRAMES = { one: 'responder', two: 'initiator', three: 'responder' } as const;
type Frame = keyof typeof FRAMES;

/** What a case must come to. */
type Expected = Readonly<Record<'initiator' | 'responder', string>>;

/**
 * Message 1 has one length and no other; a later message ends its reader's handshake, the other side hears
 * nothing.
 */
function refusedBy(part: Frame, code: string): Expected {
  const otherwise = part === 'three' ? 'opened' : 'truncated';
  return FRAMES[part] === 'initiator'
    ? { initiator: code, responder: 'truncated' }
    : { initiator: otherwise, responder: code };
}

/** What comes of a frame whose header says `length` and is followed by `available` bytes. */
function expectedOfLength(part: Frame, length: number, available: number): Expected {
  if (part === 'one' || length === 0 || length > MAX_HANDSHAKE_FRAME) {
    return refusedBy(part, 'bad_frame');
  }
  return refusedBy(part, length > available ? 'truncated' : 'handshake_failed');
}

/** FIPS 203 7.2: 768 coefficients of 12 bits, each below 3329. */
function reduced(key: Uint8Array): boolean {
  for (let at = 0; at < 1_152; at += 3) {
    const [a = 0, b = 0, c = 0] = key.subarray(at, at + 3);
    if ((a | ((b & 15) << 8)) >= 3_329 || ((b >>> 4) | (c << 4)) >= 3_329) {
      return false;
    }
  }
  return true;
}

/** What comes of a changed prelude, by its byte. */
function expectedOfPrelude(at: number): Expected {
  const code = ['refused_version', 'refused_suite', 'refused_purpose'][at - 4];
  if (code === undefined) {
    return { initiator: 'truncated', responder: 'bad_prelude' };
  }
  return { initiator: code, responder: code };
}

/** What comes of a changed byte, given what was sent and the changed bytes of that part. */
function expectedOfFlip(
  part: Frame | 'prelude',
  at: number,
  changed: Uint8Array,
  after: Aftermath,
): Expected {
  if (part === 'prelude') {
    return expectedOfPrelude(at);
  }
  if (at < FRAME_HEADER) {
    const behind = after.sent.filter((sent) => sent.part === 'record' && sent.from === 'initiator');
    const body = changed.length - FRAME_HEADER + (part === 'three' ? (behind[0]?.bytes.length ?? 0) : 0);
    return expectedOfLength(part, ((changed[0] ?? 0) << 8) | (changed[1] ?? 0), body);
  }
  if (part !== 'one') {
    return refusedBy(part, 'handshake_failed');
  }
  // X25519 knows no bad key among those that are a bit away from a good one: the transcript tells, with
  // message 2.
  const kemKey = changed.subarray(FRAME_HEADER + 32);
  if (kemKey.length > 0 && !reduced(kemKey)) {
    return refusedBy('one', 'handshake_failed');
  }
  return refusedBy('two', 'handshake_failed');
}

function assertOutcome(after: Aftermath, expected: Expected, what: string): void {
  const states = { initiator: after.initiator.state, responder: after.responder.state };
  assert.deepEqual(states, expected, what);
  // Who is not sure of the responder does not say who he is.
  assert.equal(after.initiator.said.includes('three'), expected.initiator === 'opened', what);
}

interface Flip {
  readonly part: Frame | 'prelude';
  readonly at: number;
  readonly mask: number;
}

/** Every byte of every part, changed by each of `masks` of its place. */
function flips(suite: Suite, masks: (at: number) => readonly number[]): Flip[] {
  const parts: Part[] = ['prelude', 'one', 'two', 'three'];
  const { sent } = besiege({ initiator: { suite } });
  const all: Flip[] = [];
  for (const { part, bytes } of sent) {
    if (!parts.includes(part)) {
      continue;
    }
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of masks(at)) {
        all.push({ part: part as Flip['part'], at, mask });
      }
    }
  }
  return all;
}

function assertFlip(suite: Suite, { part, at, mask }: Flip, over: Parameters<typeof besiege>[0] = {}): void {
  let changed: Uint8Array = new Uint8Array(0);
  const attack = change(part, (bytes) => {
    bytes[at] = (bytes[at] ?? 0) ^ mask;
    changed = bytes;
    return bytes;
  });
  const after = besiege({ ...over, initiator: { suite, ...over.initiator }, attack });
  assertOutcome(after, expectedOfFlip(part, at, changed, after), `${part} byte ${at} ^ ${mask}`);
}

const EVERY_BIT = [1, 2, 4, 8, 16, 32, 64, 128, 255];
/** One bit, another for each place, and all bits. */
const oneAndAll = (at: number) => [1 << (at & 7), 255];

describe('a byte of the prelude or of a handshake message changed', () => {
  const small = flips('XX', () => EVERY_BIT);
  test(`XX: each bit, and all bits, of each byte: ${small.length} cases`, () => {
    for (const flip of small) {
      assertFlip('XX', flip);
    }
  });

  const large = flips('XXhfs', oneAndAll);
  test(`XXhfs: one bit, and all bits, of each byte: ${large.length} cases`, () => {
    for (const flip of large) {
      assertFlip('XXhfs', flip);
    }
  });

  const cut = flips('XX', (at) => [1 << (at & 7)]);
  test(`XX, delivered byte by byte: ${cut.length} cases`, () => {
    for (const flip of cut) {
      assertFlip('XX', flip, { cut: bytewise });
    }
  });

  const backend = chooseBackend('noble');
  for (const [suite, every] of [
    ['XX', 11],
    ['XXhfs', 97],
  ] as const) {
    const sample = flips(suite, (at) => [1 << (at & 7)]).filter((_, nth) => nth % every === 0);
    test(`${suite} on noble: ${sample.length} cases`, () => {
      for (const flip of sample) {
        assertFlip(suite, flip, { initiator: { backend }, responder: { backend } });
      }
    });
  }
});

/** The same body under a header that tells its new length. */
function resized(frame: Buffer, length: number): Buffer {
  const changed = Buffer.alloc(FRAME_HEADER + length, 0x5a);
  frame.copy(changed, FRAME_HEADER, FRAME_HEADER);
  changed.writeUInt16BE(length);
  return changed;
}

for (const suite of ['XX', 'XXhfs'] as const) {
  describe(`${suite}: a handshake message of another length`, () => {
    for (const part of ['one', 'two', 'three'] as const) {
      const { sent } = besiege({ initiator: { suite } });
      const length = (sent.find((each) => each.part === part)?.bytes.length ?? 0) - FRAME_HEADER;
      // Shortened to nothing, message 2 is a refusal, of which more is tested with the preludes.
      const shorter = Array.from({ length }, (_, at) => at).filter((at) => at > 0 || part !== 'two');
      const longer = Array.from({ length: 64 }, (_, at) => length + 1 + at);
      const lengths = [...shorter, ...longer, MAX_HANDSHAKE_FRAME, MAX_HANDSHAKE_FRAME + 1, 65_535];
      test(`message ${part}, cut to each length and lengthened: ${lengths.length} cases`, () => {
        for (const other of lengths) {
          const attack = change(part, (frame) => resized(frame, other));
          const after = besiege({ initiator: { suite }, attack });
          assertOutcome(after, expectedOfLength(part, other, other), `${other} bytes`);
        }
      });
    }
  });
}

/** A network that lets so many bytes of one side's stream pass, and no more. */
function cutAfter(from: Side, length: number): Attack {
  let left = length;
  return (sent, deliver) => {
    const part = sent.from === from ? sent.bytes.subarray(0, left) : sent.bytes;
    if (sent.from === from) {
      left -= part.length;
    }
    if (part.length > 0) {
      deliver(other(sent.from), part);
    }
  };
}

for (const suite of ['XX', 'XXhfs'] as const) {
  for (const from of ['initiator', 'responder'] as const) {
    const { sent } = besiege({ initiator: { suite } });
    const parts = sent.filter((each) => each.from === from && each.part !== 'record');
    const length = Buffer.concat(parts.map(({ bytes }) => bytes)).length;
    test(`${suite}: what the ${from} says, cut after each byte of the handshake: ${length} cases`, () => {
      for (let at = 0; at < length; at++) {
        const after = besiege({ initiator: { suite }, attack: cutAfter(from, at) });
        assert.equal(after[other(from)].state, 'truncated', `after ${at} bytes`);
      }
    });
  }
}
