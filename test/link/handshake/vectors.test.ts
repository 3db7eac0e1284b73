import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Backend, chooseBackend, keyPairFromSecret } from '../../../src/noise/index.ts';
import { fromHex, toHex } from '../../noise/support/bytes.ts';
import { generatedLink } from '../../vectors/generated-link.ts';
import type { Purpose, Suite } from '../support/internals.ts';
import {
  Channel,
  FrameReader,
  InitiatorOpening,
  LinkError,
  type Opening,
  ResponderOpening,
} from '../support/internals.ts';
import { bytewise, whole } from '../support/pieces.ts';
import { flushed } from '../support/pipe.ts';
import { steadyBackend } from '../support/steady-backend.ts';

type Side = 'initiator' | 'responder';

interface Vectors {
  readonly secrets: Readonly<Record<string, string>>;
  readonly payload: string;
  readonly sessions: readonly Session[];
  readonly refused_preludes: readonly RefusedPrelude[];
  readonly refused_by_responder: readonly Refused[];
  readonly refused_by_initiator: readonly Refused[];
}

interface Session {
  readonly suite: Suite;
  readonly purpose: Purpose;
  readonly handshake_hash: string;
  readonly initiator_sends: readonly { what: string; bytes: string }[];
  readonly responder_sends: readonly { what: string; bytes: string }[];
}

interface RefusedPrelude {
  readonly name: string;
  readonly code: string;
  readonly accepts_suites: string;
  readonly accepts_purpose: Purpose;
  readonly busy?: boolean;
  readonly bytes: string;
  readonly answer: string;
}

interface Refused {
  readonly name: string;
  readonly code: string;
  readonly suite: Suite;
  readonly purpose: Purpose;
  readonly expected_key?: string;
  readonly bytes: string;
}

const FOLDER = join(import.meta.dirname, '../../vectors');
const VECTORS = JSON.parse(readFileSync(join(FOLDER, 'link-handshakes.json'), 'utf8')) as Vectors;

/** A secret of the vectors, by its name. */
function secret(name: string): Uint8Array {
  return fromHex(VECTORS.secrets[name] ?? assert.fail(name));
}

/** The randomness of the vectors on a backend. */
function scripted(backend: Backend, side: Side): Backend {
  const random = (length: number) => secret(length === 64 ? 'kem_seed' : `${side}_ephemeral`);
  return steadyBackend(backend, random, secret('encapsulation_seed'));
}

const BACKENDS = [chooseBackend('native'), chooseBackend('noble')].map((backend) => ({
  name: backend.name,
  initiator: scripted(backend, 'initiator'),
  responder: scripted(backend, 'responder'),
}));

function staticKeys(side: Side) {
  return keyPairFromSecret(secret(`${side}_static`));
}

const KEYS = { initiator: staticKeys('initiator'), responder: staticKeys('responder') };
const payload = fromHex(VECTORS.payload);

function openingOf(
  side: Side,
  backend: Backend,
  { suite, purpose, expected_key }: Partial<Refused>,
): Opening {
  const options = { backend, staticKeys: KEYS[side], payload, ...(purpose && { purpose }) };
  if (side === 'responder') {
    return new ResponderOpening(options);
  }
  const expected = expected_key === undefined ? {} : { expectedRemoteKey: fromHex(expected_key) };
  return new InitiatorOpening({ ...options, ...expected, ...(suite && { suite }) });
}

/** Whole, byte by byte, and in two pieces at every split. */
function* deliveries(bytes: Uint8Array): Generator<Iterable<Uint8Array>> {
  yield whole(bytes);
  yield bytewise(bytes);
  for (let at = 1; at < bytes.length; at++) {
    yield [bytes.subarray(0, at), bytes.subarray(at)];
  }
}

/** What an opening says while it reads, and the code with which it ends. */
function read(opening: Opening, pieces: Iterable<Uint8Array>): { said: string; code: string } {
  const reader = new FrameReader();
  let said = '';
  const write = (bytes: Uint8Array) => {
    said += toHex(bytes);
  };
  try {
    opening.advance(reader, write);
    for (const piece of pieces) {
      reader.push(piece);
      const progress = opening.advance(reader, write);
      if (progress.state === 'finished') {
        return { said, code: 'opened' };
      }
      if (progress.state === 'refused') {
        return { said, code: progress.error.code };
      }
    }
  } catch (error) {
    if (!(error instanceof LinkError)) {
      throw error;
    }
    return { said, code: error.code };
  }
  return { said, code: 'truncated' };
}

/** One side of a session reads all that the other says; it says its own part once it can. */
function live(side: Side, session: Session, backend: Backend, pieces: Iterable<Uint8Array>) {
  const opening = openingOf(side, backend, session);
  const reader = new FrameReader();
  let channel: Channel | undefined;
  const outcome = { said: '', heard: '', handshakeHash: '' };
  const write = (bytes: Uint8Array) => {
    outcome.said += toHex(bytes);
  };
  const advance = (): void => {
    if (channel === undefined) {
      const progress = opening.advance(reader, write);
      if (progress.state !== 'finished') {
        return;
      }
      outcome.handshakeHash = toHex(progress.handshake.transport.handshakeHash);
      assert.deepEqual(toHex(progress.handshake.remotePayload), VECTORS.payload);
      channel = new Channel(progress.handshake.transport, 0);
      channel.send(Buffer.from(`from the ${side}`));
      channel.close();
      write(flushed(channel));
    }
    for (let next = channel.receive(reader, 0); next; next = channel.receive(reader, 0)) {
      outcome.heard += next.type === 'data' ? Buffer.from(next.body).toString() : ', then CLOSE';
    }
  };
  advance();
  for (const piece of pieces) {
    reader.push(piece);
    advance();
  }
  return outcome;
}

const joined = (sends: Session['initiator_sends']): string => sends.map(({ bytes }) => bytes).join('');

for (const { name, ...backends } of BACKENDS) {
  describe(`sessions on ${name}`, () => {
    for (const session of VECTORS.sessions) {
      const says = { initiator: joined(session.initiator_sends), responder: joined(session.responder_sends) };
      for (const [side, other] of [
        ['initiator', 'responder'],
        ['responder', 'initiator'],
      ] as const) {
        test(`${session.suite}, purpose ${session.purpose}: the ${side}`, () => {
          const expected = {
            said: says[side],
            heard: `from the ${other}, then CLOSE`,
            handshakeHash: session.handshake_hash,
          };
          const bytes = fromHex(says[other]);
          const all = name === 'native' ? deliveries(bytes) : [whole(bytes), bytewise(bytes)];
          for (const pieces of all) {
            assert.deepEqual(live(side, session, backends[side], pieces), expected);
          }
        });
      }
    }
  });

  describe(`preludes that are refused, on ${name}`, () => {
    for (const vector of VECTORS.refused_preludes) {
      test(vector.name, () => {
        for (const pieces of deliveries(fromHex(vector.bytes))) {
          const options = {
            backend: backends.responder,
            staticKeys: KEYS.responder,
            payload,
            purpose: vector.accepts_purpose,
            suites: vector.accepts_suites.split(' ') as Suite[],
          };
          const opening = new ResponderOpening(options, () => vector.busy !== true);
          assert.deepEqual(read(opening, pieces), { said: vector.answer, code: vector.code });
        }
      });
    }
  });

  for (const side of ['responder', 'initiator'] as const) {
    describe(`what the ${side} refuses, on ${name}`, () => {
      for (const vector of VECTORS[`refused_by_${side}`]) {
        test(vector.name, () => {
          const bytes = fromHex(vector.bytes);
          const all = name === 'native' ? deliveries(bytes) : [whole(bytes), bytewise(bytes)];
          for (const pieces of all) {
            assert.equal(read(openingOf(side, backends[side], vector), pieces).code, vector.code);
          }
        });
      }
    });
  }
}

describe('what is generated is what is kept', () => {
  for (const [file, text] of generatedLink()) {
    test(file, () => {
      assert.ok(text === readFileSync(join(FOLDER, file), 'utf8'), 'run test/vectors/generate.ts');
      assert.ok(text.length < 100_000);
    });
  }
});
