import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseBackend } from '../../src/noise/index.ts';
import type { Suite } from '../link/support/internals.ts';
import { encodeFrame } from '../link/support/internals.ts';
import { randomPieces, whole } from '../link/support/pieces.ts';
import { type Aftermath, type Attack, besiege, honest, other, type Part, type Side } from './siege.ts';

interface Case {
  readonly name: string;
  readonly attack: Attack;
  readonly initiator: string;
  readonly responder: string;
}

const SUITES: Record<Suite, Suite> = { XX: 'XXhfs', XXhfs: 'XX' };
/** Randomness that is not that of the recorded session. */
const backend = chooseBackend('native');

/** Which of the parts an attack touches: both sides send a record. */
type Target = Part | `${Side}'s record`;

function hits(target: Target, from: Side, part: Part): boolean {
  return part === target || `${from}'s ${part}` === target;
}

/** Delivers other bytes in place of a part. */
function instead(target: Target, ...pieces: readonly Uint8Array[]): Attack {
  return (sent, deliver) => {
    if (!hits(target, sent.from, sent.part)) {
      return honest(sent, deliver);
    }
    for (const piece of pieces) {
      deliver(other(sent.from), piece);
    }
  };
}

function duplicated(target: Target): Attack {
  return (sent, deliver) => {
    honest(sent, deliver);
    if (hits(target, sent.from, sent.part)) {
      honest(sent, deliver);
    }
  };
}

/** Sent back to the one who sent it, and to nobody else. */
function reflected(target: Target): Attack {
  return (sent, deliver) =>
    hits(target, sent.from, sent.part) ? deliver(sent.from, sent.bytes) : honest(sent, deliver);
}

/** Held back until the part behind it has been delivered. */
function overtaken(target: Target): Attack {
  let held: Parameters<Attack> | undefined;
  return (...sent) => {
    if (held === undefined && hits(target, sent[0].from, sent[0].part)) {
      held = sent;
      return;
    }
    honest(...sent);
    if (held !== undefined) {
      honest(...held);
    }
    held = undefined;
  };
}

/** With other bytes in front of a part. */
function preceded(target: Target, bytes: Uint8Array): Attack {
  return (sent, deliver) => {
    if (hits(target, sent.from, sent.part)) {
      deliver(other(sent.from), bytes);
    }
    honest(sent, deliver);
  };
}

/** The parts of a recorded session in place of those of this one. */
function replayed(record: Aftermath, ...targets: readonly Target[]): Attack {
  return (sent, deliver) => {
    const again = record.sent.find(({ from, part }) => from === sent.from && part === sent.part);
    const replay = targets.some((target) => hits(target, sent.from, sent.part));
    deliver(other(sent.from), replay && again !== undefined ? again.bytes : sent.bytes);
  };
}

function named(name: string, attack: Attack, initiator: string, responder: string): Case {
  return { name, attack, initiator, responder };
}

const NOTHING = new Uint8Array(0);
const OURS = "initiator's record";
const THEIRS = "responder's record";

/** Attacks that are the same for each suite. */
const MOVES: readonly Case[] = [
  named('prelude twice', duplicated('prelude'), 'truncated', 'bad_frame'),
  named('message 1 twice', duplicated('one'), 'opened', 'handshake_failed'),
  named('message 2 twice', duplicated('two'), 'decrypt_failed', 'opened'),
  named('message 3 twice', duplicated('three'), 'opened', 'decrypt_failed'),
  named('record to the responder twice', duplicated(OURS), 'opened', 'decrypt_failed'),
  named('record to the initiator twice', duplicated(THEIRS), 'decrypt_failed', 'opened'),
  named('no prelude', instead('prelude'), 'truncated', 'bad_prelude'),
  named('no message 1', instead('one'), 'truncated', 'truncated'),
  named('no message 2', instead('two'), 'truncated', 'truncated'),
  named('no message 3', instead('three'), 'opened', 'handshake_failed'),
  named('message 1 before the prelude', overtaken('prelude'), 'truncated', 'bad_prelude'),
  named('record before message 3', overtaken('three'), 'opened', 'handshake_failed'),
  named('prelude reflected', reflected('prelude'), 'bad_frame', 'bad_prelude'),
  named('message 1 reflected', reflected('one'), 'handshake_failed', 'truncated'),
  named('message 2 reflected', reflected('two'), 'truncated', 'handshake_failed'),
  named('message 3 reflected', reflected('three'), 'decrypt_failed', 'handshake_failed'),
  named('record reflected to the initiator', reflected(OURS), 'decrypt_failed', 'opened'),
  named('record reflected to the responder', reflected(THEIRS), 'opened', 'decrypt_failed'),
  named(
    'a frame before the prelude',
    preceded('prelude', encodeFrame(new Uint8Array(80))),
    'truncated',
    'bad_prelude',
  ),
  named(
    'a frame before message 1',
    preceded('one', encodeFrame(new Uint8Array(80))),
    'truncated',
    'bad_frame',
  ),
  named(
    'a frame before message 2',
    preceded('two', encodeFrame(new Uint8Array(80))),
    'handshake_failed',
    'truncated',
  ),
  named(
    'a frame before message 3',
    preceded('three', encodeFrame(new Uint8Array(80))),
    'opened',
    'handshake_failed',
  ),
  named(
    'a frame before a record',
    preceded(OURS, encodeFrame(new Uint8Array(80))),
    'opened',
    'decrypt_failed',
  ),
];

/** Headers alone, or with as many zeros as they say, in place of each part. */
function* bareFrames(): Generator<Case> {
  const bad = (length: number) => encodeFrame(new Uint8Array(length));
  const endless = Uint8Array.of(255, 255);
  for (let length = 0; length <= 18; length++) {
    const name = `a frame of ${length} bytes in place of`;
    const zero = length === 0;
    yield named(`${name} message 1`, instead('one', bad(length)), 'truncated', 'bad_frame');
    // A length of zero begins a refusal: its reason is still to come.
    yield named(
      `${name} message 2`,
      instead('two', bad(length)),
      zero ? 'truncated' : 'handshake_failed',
      'truncated',
    );
    yield named(
      `${name} message 3`,
      instead('three', bad(length)),
      'opened',
      zero ? 'bad_frame' : 'handshake_failed',
    );
    yield named(`${name} a record`, instead(OURS, bad(length)), 'opened', 'bad_frame');
  }
  const name = 'a header of 65535 in place of';
  yield named(`${name} message 1`, instead('one', endless), 'truncated', 'bad_frame');
  yield named(`${name} message 2`, instead('two', endless), 'bad_frame', 'truncated');
  yield named(`${name} message 3`, instead('three', endless), 'opened', 'bad_frame');
  yield named(`${name} a record`, instead(OURS, endless), 'opened', 'opened');
}

/** Answers of the network in the responder's name. */
function* refusals(): Generator<Case> {
  const codes = ['', 'refused_version', 'refused_suite', 'refused_purpose', 'refused_busy'];
  for (let reason = 0; reason <= 255; reason++) {
    const code = codes[reason] || 'bad_prelude';
    const refusal = Uint8Array.of(0, 0, reason);
    yield named(`refusal ${reason} in place of message 2`, instead('two', refusal), code, 'truncated');
  }
  const late = Uint8Array.of(0, 0, 1);
  yield named('refusal behind message 2', preceded(THEIRS, late), 'bad_frame', 'opened');
  yield named('refusal in place of a record', instead(THEIRS, late), 'bad_frame', 'opened');
  yield named('half a refusal', instead('two', late.subarray(0, 2)), 'truncated', 'truncated');
  yield named('nothing but an end', instead('two', NOTHING), 'truncated', 'truncated');
}

/** What another session said, in place of what this one says. */
function replays(suite: Suite): readonly Case[] {
  const same = besiege({ initiator: { suite } });
  const foreign = besiege({ initiator: { suite: SUITES[suite] } });
  const all: readonly Target[] = ['prelude', 'one', 'three', OURS];
  return [
    named('message 1 of another session', replayed(same, 'one'), 'handshake_failed', 'truncated'),
    named('message 2 of another session', replayed(same, 'two'), 'handshake_failed', 'truncated'),
    named('message 3 of another session', replayed(same, 'three'), 'opened', 'handshake_failed'),
    named('record of another session, to the responder', replayed(same, OURS), 'opened', 'decrypt_failed'),
    named('record of another session, to the initiator', replayed(same, THEIRS), 'decrypt_failed', 'opened'),
    named('all that another initiator said', replayed(same, ...all), 'handshake_failed', 'truncated'),
    named('all that another responder said', replayed(same, 'two', THEIRS), 'handshake_failed', 'truncated'),
    named('prelude of the other suite', replayed(foreign, 'prelude'), 'truncated', 'bad_frame'),
    named('message 1 of the other suite', replayed(foreign, 'one'), 'truncated', 'bad_frame'),
    named('message 2 of the other suite', replayed(foreign, 'two'), 'handshake_failed', 'truncated'),
    named('message 3 of the other suite', replayed(foreign, 'three'), 'opened', 'handshake_failed'),
    named(
      'prelude and message 1 of the other suite',
      replayed(foreign, 'prelude', 'one'),
      'handshake_failed',
      'truncated',
    ),
  ];
}

for (const suite of Object.keys(SUITES) as Suite[]) {
  describe(suite, () => {
    const groups = {
      'duplicated, left out, reordered, reflected, pushed in': MOVES,
      'frames of a length that no message has': [...bareFrames()],
      'refusals that the responder never sent': [...refusals()],
      'replayed from another session, or another suite': replays(suite),
    };
    for (const [group, cases] of Object.entries(groups)) {
      test(`${group}: ${cases.length} cases, delivered whole and in random pieces`, () => {
        for (const cut of [whole, randomPieces(cases.length, 50)]) {
          for (const { name, attack, initiator, responder } of cases) {
            const after = besiege({ initiator: { suite, backend }, responder: { backend }, attack, cut });
            const states = { initiator: after.initiator.state, responder: after.responder.state };
            assert.deepEqual(states, { initiator, responder }, name);
          }
        }
      });
    }

    test('and without any of it both are heard', () => {
      const after = besiege({ initiator: { suite, backend }, responder: { backend } });
      assert.deepEqual([after.initiator.state, after.responder.state], ['opened', 'opened']);
      assert.deepEqual([after.initiator.heard.length, after.responder.heard.length], [1, 1]);
    });
  });
}
