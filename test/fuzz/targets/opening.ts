import assert from 'node:assert/strict';
import {
  Channel,
  encodeFrame,
  encodePrelude,
  encodeRefusal,
  type FinishedHandshake,
  FrameReader,
  InitiatorOpening,
  LinkError,
  MAX_HANDSHAKE_FRAME,
  type Opening,
  type PreludeRefusal,
  ResponderOpening,
  type Suite,
} from '../../link/support/internals.ts';
import { PaperBackend } from '../paper-backend.ts';
import type { Target } from '../target.ts';

const KEYS = { secretKey: new Uint8Array(32).fill(1), publicKey: new Uint8Array(32).fill(2) };
const PAYLOAD = Uint8Array.of(0x81, 0xa0, 0xc0);

/** Where the streams to begin with are cut: not too often, since each piece costs time. */
const SEED_CUT = 200;

/** What the first byte of an input decides: which side reads the rest, and what it has been told. */
interface Side {
  readonly initiator: boolean;
  readonly suite: Suite;
  readonly demandsKey: boolean;
  readonly admits: boolean;
}

function sideOf(flags: number): Side {
  const suite = (flags & 2) === 0 ? 'XX' : 'XXhfs';
  return { initiator: (flags & 1) !== 0, suite, demandsKey: (flags & 4) !== 0, admits: (flags & 8) === 0 };
}

/** All that one side said and understood, whichever way the stream was cut. */
interface Transcript {
  outcome: string;
  readonly written: Uint8Array[];
  readonly received: string[];
  readonly agreements: number;
}

class Reader {
  readonly #reader = new FrameReader();
  readonly #backend = new PaperBackend();
  readonly #opening: Opening;
  readonly #written: Uint8Array[] = [];
  readonly #received: string[] = [];
  #channel: Channel | undefined;
  #outcome = 'waiting';

  constructor({ initiator, suite, demandsKey, admits }: Side) {
    const common = { purpose: 'server', staticKeys: KEYS, payload: PAYLOAD, backend: this.#backend } as const;
    const key = demandsKey ? { expectedRemoteKey: KEYS.publicKey } : {};
    this.#opening = initiator
      ? new InitiatorOpening({ ...common, suite, ...key })
      : new ResponderOpening({ ...common, suites: suite === 'XX' ? ['XX', 'XXhfs'] : [suite] }, () => admits);
    if (initiator) {
      this.#advance();
    }
  }

  read(stream: Uint8Array, chunk: number): Transcript {
    for (let at = 0; at < stream.length && !this.#isOver; at += chunk) {
      this.#reader.push(stream.slice(at, at + chunk));
      try {
        if (this.#channel === undefined) {
          this.#advance();
        }
        if (this.#channel !== undefined) {
          this.#receive(this.#channel);
        }
      } catch (error) {
        if (!(error instanceof LinkError)) {
          throw error;
        }
        this.#outcome = `${this.#outcome} ${error.code}`;
        this.#staysBroken();
      }
    }
    return {
      outcome: this.#outcome,
      written: this.#written,
      received: this.#received,
      agreements: this.#backend.agreements,
    };
  }

  get #isOver(): boolean {
    return this.#outcome !== 'waiting' && this.#outcome !== 'opened';
  }

  #advance(): void {
    const progress = this.#opening.advance(this.#reader, (bytes) => this.#written.push(bytes.slice()));
    if (progress.state === 'waiting') {
      return;
    }
    this.#outcome = progress.state === 'refused' ? progress.error.code : 'opened';
    if (progress.state === 'finished') {
      this.#channel = this.#open(progress.handshake);
    }
  }

  #open({ transport, remotePayload }: FinishedHandshake): Channel {
    assert.equal(transport.remoteStaticKey.length, 32);
    this.#received.push(`payload ${Buffer.from(remotePayload).toString('hex')}`);
    return new Channel(transport, 0);
  }

  #receive(channel: Channel): void {
    for (
      let next = channel.receive(this.#reader, 0);
      next !== undefined;
      next = channel.receive(this.#reader, 0)
    ) {
      this.#received.push(next.type === 'data' ? Buffer.from(next.body).toString('hex') : next.type);
    }
  }

  /** Failure is terminal: whatever comes now, nothing is read or said. */
  #staysBroken(): void {
    const more = new FrameReader();
    more.push(new Uint8Array(64));
    const written = this.#written.length;
    assert.throws(() =>
      this.#channel === undefined ? this.#opening.advance(more, () => {}) : this.#channel.receive(more, 0),
    );
    assert.equal(this.#written.length, written);
  }
}

/**
 * What the first bytes of a stream must make of a responder, read as plainly as the specification has them.
 */
function answerTo(stream: Uint8Array, { suite, admits }: Side): string | undefined {
  if (stream.length < 7) {
    return 'waiting';
  }
  const [, , , , version, suiteByte, purpose, high = 0, low = 0] = stream;
  if (Buffer.from(stream.subarray(0, 4)).toString('latin1') !== 'FRTH') {
    return 'waiting bad_prelude';
  }
  if (version !== 1) {
    return 'refused_version';
  }
  if (suiteByte !== 2 && !(suiteByte === 1 && suite === 'XX')) {
    return 'refused_suite';
  }
  if (purpose !== 1) {
    return 'refused_purpose';
  }
  if (!admits) {
    return 'refused_busy';
  }
  if (stream.length < 9) {
    return 'waiting';
  }
  if (high * 256 + low !== (suiteByte === 1 ? 32 : 1_216)) {
    return 'waiting bad_frame';
  }
  return undefined;
}

function check(side: Side, stream: Uint8Array, { outcome, written, agreements }: Transcript): void {
  const said = written.reduce((sum, bytes) => sum + bytes.length, 0);
  assert.ok(said <= 2 * MAX_HANDSHAKE_FRAME);
  if (side.initiator) {
    return;
  }
  const expected = answerTo(stream, side);
  if (expected !== undefined) {
    assert.equal(outcome, expected);
  }
  const messageOne = stream[5] === 1 ? 32 : 1_216;
  if (expected === undefined && stream.length >= 7 + 2 + messageOne) {
    return;
  }
  assert.equal(agreements, 0, 'no cryptography before a whole message 1');
  assert.equal(said, outcome.startsWith('refused') ? 3 : 0);
}

/** Bytes as the other side would send them, with paper for cryptography. */
function conversation(initiator: boolean, suite: Suite): Uint8Array[] {
  const common = { purpose: 'server', staticKeys: KEYS, payload: PAYLOAD } as const;
  const sides = [
    {
      opening: new InitiatorOpening({ ...common, suite, backend: new PaperBackend() }),
      reader: new FrameReader(),
    },
    { opening: new ResponderOpening({ ...common, backend: new PaperBackend() }), reader: new FrameReader() },
  ] as const;
  const heard: Uint8Array[] = [];
  for (const turn of [0, 1, 0] as const) {
    sides[turn].opening.advance(sides[turn].reader, (bytes) => {
      sides[1 - turn]?.reader.push(bytes);
      if ((turn === 0) !== initiator) {
        heard.push(bytes);
      }
    });
  }
  return heard;
}

const RECORDS = [
  Uint8Array.of(0, 0, 5, 1, 2, 3, 4, 5, ...new Uint8Array(56 + 16)),
  Uint8Array.of(2, 0, 0, ...new Uint8Array(61 + 16)),
  Uint8Array.of(1, 0, 0, ...new Uint8Array(16)),
].map(encodeFrame);

function seedsOf(initiator: boolean, suite: Suite, more = 0): Uint8Array[] {
  const flags = Number(initiator) | (suite === 'XX' ? 0 : 2) | more;
  const head = Uint8Array.of(flags, SEED_CUT);
  const stream = conversation(initiator, suite);
  return [[...stream], [...stream, ...RECORDS]].map(
    (pieces) => new Uint8Array(Buffer.concat([head, ...pieces])),
  );
}

/**
 * A stranger's first bytes, up to the first records: prelude, frames, handshake, on either side, cut anyhow.
 */
export const opening: Target = {
  name: 'opening',
  covers: ['link/handshake/prelude.ts', 'link/frame.ts', 'link/handshake/opening.ts'],
  maxLength: 4_200,
  dictionary: [
    ...(['XX', 'XXhfs'] as const).flatMap((suite) => [
      encodePrelude(suite, 'server'),
      encodePrelude(suite, 'peer'),
    ]),
    ...(['version', 'suite', 'purpose', 'busy'] satisfies PreludeRefusal[]).map(encodeRefusal),
    Uint8Array.of(0, 32),
    Uint8Array.of(0x04, 0xc0),
    new Uint8Array(32).fill(2),
    new Uint8Array(64),
    ...RECORDS,
  ],
  seeds: [
    ...([true, false] as const).flatMap((initiator) => [
      ...seedsOf(initiator, 'XX'),
      ...seedsOf(initiator, 'XX', 4),
      ...seedsOf(initiator, 'XX', 8),

      ...seedsOf(initiator, 'XXhfs'),
    ]),
  ],
  run(input) {
    const side = sideOf(input[0] ?? 0);
    const stream = input.subarray(2);
    const whole = new Reader(side).read(stream, Math.max(1, stream.length));
    check(side, stream, whole);
    const cut = new Reader(side).read(stream, 1 + (input[1] ?? 0));
    assert.deepEqual(cut, whole, 'the cuts of the stream change nothing');
    return `${side.initiator ? 'initiator' : 'responder'} ${whole.outcome} ${Math.min(whole.received.length, 3)}`;
  },
};
