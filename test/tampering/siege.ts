import assert from 'node:assert/strict';
import { chooseBackend } from '../../src/noise/index.ts';
import {
  Channel,
  FrameReader,
  InitiatorOpening,
  type InitiatorOptions,
  LinkError,
  type LinkErrorCode,
  type Opening,
  ResponderOpening,
  type ResponderOptions,
} from '../link/support/internals.ts';
import { whole } from '../link/support/pieces.ts';
import { bytes, flushed, initiatorOptions, responderOptions, testKeys, text } from '../link/support/pipe.ts';
import { steadyBackend } from '../link/support/steady-backend.ts';

export type Side = 'initiator' | 'responder';

/** All that two honest sides say here: the handshake, then one record from each. */
export type Part = 'prelude' | 'one' | 'two' | 'three' | 'record' | 'refusal';

/** What is on its way, before anybody has touched it. */
export interface Sent {
  readonly from: Side;
  readonly part: Part;
  readonly bytes: Buffer;
}

/** Brings bytes to a side, as if they were the next of its stream. */
export type Deliver = (to: Side, bytes: Uint8Array) => void;

/** The network: it sees all that is sent, in order, and decides what comes of it. */
export type Attack = (sent: Sent, deliver: Deliver) => void;

/** How it ended for one side. */
export interface Outcome {
  /** `opened`: its handshake succeeded and nothing bad came afterwards. */
  readonly state: 'opened' | LinkErrorCode;
  /** The messages that it reported. */
  readonly heard: readonly string[];
  /** The parts that it sent. */
  readonly said: readonly Part[];
}

/** What a side says in its one record, and so the only thing that the other may report. */
export const SAID: Record<Side, string> = {
  initiator: 'initiator speaking',
  responder: 'responder speaking',
};

export const other = (side: Side): Side => (side === 'initiator' ? 'responder' : 'initiator');

/** The network as it should be. */
export const honest: Attack = ({ from, bytes }, deliver) => deliver(other(from), bytes);

/** A network that changes one part and lets the rest be. */
export function change(part: Part, how: (bytes: Buffer) => Uint8Array): Attack {
  return (sent, deliver) => {
    const touched = sent.part === part && (part !== 'record' || sent.from === 'initiator');
    deliver(other(sent.from), touched ? how(Buffer.from(sent.bytes)) : sent.bytes);
  };
}

/** One honest side. */
class Party {
  readonly #side: Side;
  readonly #opening: Opening;
  readonly #send: (sent: Sent) => void;
  readonly #reader = new FrameReader();
  #channel: Channel | undefined;
  #error: LinkErrorCode | undefined;
  readonly heard: string[] = [];
  readonly said: Part[] = [];

  constructor(side: Side, opening: Opening, send: (sent: Sent) => void) {
    this.#side = side;
    this.#opening = opening;
    this.#send = send;
  }

  /** The stream ends behind what has come: who is still in the handshake has waited in vain. */
  get state(): Outcome['state'] {
    return this.#error ?? (this.#channel === undefined ? 'truncated' : 'opened');
  }

  take(piece: Uint8Array): void {
    if (this.#error !== undefined) {
      return;
    }
    this.#reader.push(piece);
    this.advance();
  }

  advance(): void {
    try {
      if (this.#channel === undefined) {
        this.#open();
      }
      while (this.#channel !== undefined) {
        const received = this.#channel.receive(this.#reader, 0);
        if (received === undefined) {
          break;
        }
        if (received.type === 'data') {
          this.heard.push(text(received.body));
        }
      }
    } catch (error) {
      if (!(error instanceof LinkError)) {
        throw error;
      }
      this.#error = error.code;
    }
  }

  /**
   * After a failure there is nothing left to succeed with, even if what the other side `sent` comes unchanged
   * at last.
   */
  assertDead(sent: readonly Sent[]): void {
    if (this.#error === undefined) {
      return;
    }
    const channel = this.#channel;
    const write = () => assert.fail(`the ${this.#side} speaks after its failure`);
    for (const { part, bytes } of sent) {
      const reader = new FrameReader();
      reader.push(bytes);
      if (channel === undefined) {
        assert.throws(() => this.#opening.advance(reader, write), LinkError, `${this.#side}: ${part}`);
      } else if (part === 'record') {
        assert.throws(() => channel.receive(reader, 0), LinkError, `${this.#side}: ${part}`);
      }
    }
    if (channel === undefined) {
      return;
    }
    channel.send(bytes('more'));
    assert.throws(() => flushed(channel), { code: 'dead' });
  }

  #open(): void {
    const progress = this.#opening.advance(this.#reader, (piece) => this.#say(piece));
    if (progress.state === 'refused') {
      this.#error = progress.error.code;
    }
    if (progress.state !== 'finished') {
      return;
    }
    this.#channel = new Channel(progress.handshake.transport, 0);
    this.#channel.send(bytes(SAID[this.#side]));
    this.#say(flushed(this.#channel));
  }

  #say(piece: Uint8Array): void {
    const part = this.#partOf(piece);
    this.said.push(part);
    this.#send({ from: this.#side, part, bytes: Buffer.from(piece) });
  }

  #partOf(piece: Uint8Array): Part {
    if (this.#channel !== undefined) {
      return 'record';
    }
    if (this.#side === 'responder') {
      return piece.length === 3 ? 'refusal' : 'two';
    }
    return (['prelude', 'one', 'three'] as const)[this.said.length] ?? 'record';
  }
}

const steady = {
  initiator: steadyBackend(chooseBackend('native'), (length) => new Uint8Array(length).fill(3 + length)),
  responder: steadyBackend(chooseBackend('native'), (length) => new Uint8Array(length).fill(5 + length)),
};
const keys = { initiator: testKeys(1), responder: testKeys(2) };

/** Who meets in a siege; what is absent is as in {@link initiatorOptions} and {@link responderOptions}. */
export interface Siege {
  readonly initiator?: Partial<InitiatorOptions>;
  readonly responder?: Partial<ResponderOptions>;
  readonly attack?: Attack;
  /** Cuts what is delivered. */
  readonly cut?: (bytes: Uint8Array) => Iterable<Uint8Array>;
}

/** A siege that has ended, with all that was sent in it. */
export interface Aftermath extends Record<Side, Outcome> {
  readonly sent: readonly Sent[];
}

/**
 * Two honest sides meet over a network that is not. Whatever it does, each side reports at most what the
 * other said, and a side that has failed is dead: both are asserted here, for every siege.
 */
export function besiege({ initiator, responder, attack = honest, cut = whole }: Siege): Aftermath {
  const sent: Sent[] = [];
  const waiting: { to: Side; bytes: Uint8Array }[] = [];
  const deliver: Deliver = (to, piece) => waiting.push({ to, bytes: Uint8Array.from(piece) });
  const send = (each: Sent) => {
    sent.push(each);
    attack(each, deliver);
  };
  const options = {
    initiator: initiatorOptions({ staticKeys: keys.initiator, backend: steady.initiator, ...initiator }),
    responder: responderOptions({ staticKeys: keys.responder, backend: steady.responder, ...responder }),
  };
  const parties: Record<Side, Party> = {
    initiator: new Party('initiator', new InitiatorOpening(options.initiator), send),
    responder: new Party('responder', new ResponderOpening(options.responder), send),
  };
  parties.initiator.advance();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const piece of cut(next.bytes)) {
      parties[next.to].take(piece);
    }
  }
  const outcome = (side: Side): Outcome => {
    const { state, heard, said } = parties[side];
    assert.ok(heard.length <= 1 && heard.every((each) => each === SAID[other(side)]), `heard: ${heard}`);
    parties[side].assertDead(sent.filter(({ from }) => from !== side));
    return { state, heard, said };
  };
  return { initiator: outcome('initiator'), responder: outcome('responder'), sent };
}
