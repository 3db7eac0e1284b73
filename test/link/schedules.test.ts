// Two sides of a link, and a network that does as it likes with the bytes between them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Suite } from './support/internals.ts';
import {
  Channel,
  type FinishedHandshake,
  FrameReader,
  InitiatorOpening,
  LinkError,
  type Opening,
  ResponderOpening,
} from './support/internals.ts';
import { flushed, initiatorOptions, responderOptions, testKeys } from './support/pipe.ts';

/** Bytes on their way to one side. */
class Wire {
  bytes = new Uint8Array(0);
  /** Whether anything but waiting and cutting has been done to them. */
  touched = false;

  push(bytes: Uint8Array): void {
    this.bytes = new Uint8Array(Buffer.concat([this.bytes, bytes]));
  }

  take(count: number): Uint8Array {
    const taken = this.bytes.slice(0, count);
    this.bytes = this.bytes.slice(taken.length);
    return taken;
  }

  /** Puts `instead` in the place of some bytes that are under way. */
  replace(at: number, count: number, instead: (cut: Uint8Array) => Uint8Array): void {
    const start = at % (this.bytes.length + 1);
    const cut = this.bytes.slice(start, start + count);
    const changed = Buffer.concat([
      this.bytes.slice(0, start),
      instead(cut),
      this.bytes.slice(start + cut.length),
    ]);
    this.touched ||= !changed.equals(this.bytes);
    this.bytes = new Uint8Array(changed);
  }
}

/** One side: its opening, later its channel, and everything that it sent and heard. */
class Side {
  readonly out: Wire;
  readonly sent: string[] = [];
  readonly heard: string[] = [];
  finished: FinishedHandshake | undefined;
  error: LinkError | undefined;
  readonly #reader = new FrameReader();
  readonly #opening: Opening;
  #channel: Channel | undefined;
  #closing = false;

  constructor(opening: Opening, out: Wire) {
    this.#opening = opening;
    this.out = out;
  }

  get closeHeard(): boolean {
    return this.#channel?.closeReceived ?? false;
  }

  /** Reads a piece of the stream; an empty one lets the initiator begin. */
  read(bytes: Uint8Array): void {
    this.#reader.push(bytes);
    this.#guard(() => {
      if (this.#channel === undefined) {
        this.#advance();
      }
      const channel = this.#channel;
      if (channel === undefined) {
        return;
      }
      for (let next = channel.receive(this.#reader, 0); next !== undefined; ) {
        if (next.type === 'data') {
          this.heard.push(...messagesIn(next.body));
        }
        next = channel.receive(this.#reader, 0);
      }
    });
  }

  send(message: string): void {
    if (this.#channel === undefined || this.#closing || this.error !== undefined) {
      return;
    }
    this.#channel.send(Buffer.concat([Uint8Array.of(message.length), Buffer.from(message)]));
    this.sent.push(message);
  }

  flush(): void {
    if (this.error === undefined && this.#channel !== undefined) {
      this.out.push(flushed(this.#channel));
    }
  }

  close(): void {
    this.#closing = true;
    this.#channel?.close();
  }

  #advance(): void {
    const progress = this.#opening.advance(this.#reader, (bytes) => this.out.push(bytes));
    if (progress.state === 'refused') {
      throw progress.error;
    }
    if (progress.state !== 'finished') {
      return;
    }
    this.finished = progress.handshake;
    this.#channel = new Channel(progress.handshake.transport, 0);
  }

  #guard(step: () => void): void {
    if (this.error !== undefined) {
      return;
    }
    try {
      step();
    } catch (error) {
      if (!(error instanceof LinkError)) {
        throw error;
      }
      this.error = error;
    }
  }
}

/** A message of these tests is a length and so many characters. */
function messagesIn(body: Uint8Array): string[] {
  const messages: string[] = [];
  for (let at = 0; at < body.length; ) {
    const end = at + 1 + (body[at] ?? 0);
    messages.push(Buffer.from(body.subarray(at + 1, end)).toString());
    at = end;
  }
  return messages;
}

type Action =
  | { readonly do: 'deliver'; readonly to: 0 | 1; readonly count: number }
  | { readonly do: 'send'; readonly from: 0 | 1; readonly length: number }
  | { readonly do: 'flush' | 'close'; readonly from: 0 | 1 }
  | { readonly do: 'flip'; readonly from: 0 | 1; readonly at: number; readonly bit: number }
  | {
      readonly do: 'drop' | 'double' | 'swap' | 'reflect';
      readonly from: 0 | 1;
      readonly at: number;
      readonly count: number;
    };

const side = fc.constantFrom(0 as const, 1 as const);
const count = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(82, 105, 1_300, 5_000));
const honest: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver'), to: side, count }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send'), from: side, length: fc.nat(200) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('flush'), from: side }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close'), from: side }) },
);
const hostile: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('flip'), from: side, at: fc.nat(3_000), bit: fc.nat(7) }),
  fc.record({
    do: fc.constantFrom('drop', 'double', 'swap', 'reflect'),
    from: side,
    at: fc.nat(3_000),
    count,
  }),
);

class World {
  readonly sides: readonly [Side, Side];
  #count = 0;

  constructor(suite: Suite) {
    this.sides = [
      new Side(new InitiatorOpening(initiatorOptions({ suite })), new Wire()),
      new Side(new ResponderOpening(responderOptions()), new Wire()),
    ];
    this.sides[0].read(new Uint8Array(0));
  }

  act(action: Action): void {
    if (action.do === 'deliver') {
      this.#deliver(action.to, action.count);
    } else {
      const from = this.sides[action.from];
      if (action.do === 'send') {
        from.send(`${this.#count++} `.padEnd(action.length, 'x'));
      } else if (action.do === 'flush') {
        from.flush();
      } else if (action.do === 'close') {
        from.close();
      } else {
        this.#attack(action, from);
      }
    }
  }

  /** Lets everything that is under way arrive, until nobody has an answer: after it the handshake is done. */
  settle(): void {
    for (let round = 0; round < 3; round++) {
      for (const to of [1, 0] as const) {
        this.#deliver(to, Number.POSITIVE_INFINITY);
      }
    }
  }

  /** Everybody says all that they have to say, then CLOSE, and everything arrives. */
  end(): void {
    for (let round = 0; round < 6; round++) {
      for (const to of [1, 0] as const) {
        this.#deliver(to, Number.POSITIVE_INFINITY);
      }
      for (const one of this.sides) {
        if (round === 2) {
          one.send('last');
        }
        if (round >= 2) {
          one.close();
        }
        one.flush();
      }
    }
  }

  #deliver(to: 0 | 1, count: number): void {
    const bytes = this.sides[1 - to]?.out.take(count);
    if (bytes !== undefined && bytes.length > 0) {
      this.sides[to].read(bytes);
    }
  }

  /** Two messages in two records are sent first, so that there is something to attack. */
  #attack(action: Action, from: Side): void {
    for (const bait of ['one', 'two']) {
      from.send(`${this.#count++} ${bait}`);
      from.flush();
    }
    const wire = from.out;
    if (action.do === 'flip') {
      wire.replace(action.at, 1, (cut) => cut.map((byte) => byte ^ (1 << action.bit)));
    } else if (action.do === 'drop') {
      wire.replace(action.at, action.count, () => new Uint8Array(0));
    } else if (action.do === 'double') {
      wire.replace(action.at, action.count, (cut) => Buffer.concat([cut, cut]));
    } else if (action.do === 'swap') {
      const half = action.count >>> 1;
      wire.replace(action.at, action.count, (cut) =>
        Buffer.concat([cut.subarray(half), cut.subarray(0, half)]),
      );
    } else if (action.do === 'reflect') {
      const other = this.sides[wire === this.sides[0].out ? 1 : 0].out.bytes;
      wire.replace(action.at, 0, () => other.slice(0, action.count));
    }
  }
}

function play({ suite, isOpen }: Start, actions: readonly Action[]): World {
  const world = new World(suite);
  if (isOpen) {
    world.settle();
  }
  for (const action of actions) {
    world.act(action);
  }
  world.end();
  return world;
}

interface Start {
  readonly suite: Suite;
  /** Whether the handshake is done before the network begins to play. */
  readonly isOpen: boolean;
}

const start: fc.Arbitrary<Start> = fc.record({ suite: fc.constantFrom('XX', 'XXhfs'), isOpen: fc.boolean() });

test('on a network that only waits and cuts, both sides agree, hear everything, and end well', () => {
  fc.assert(
    fc.property(start, fc.array(honest, { maxLength: 60 }), (start, actions) => {
      const [a, b] = play(start, actions).sides;
      assert.deepEqual(a.finished?.transport.handshakeHash, b.finished?.transport.handshakeHash);
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        assert.equal(one.error, undefined);
        assert.equal(one.closeHeard, true);
        assert.deepEqual(one.heard, other.sent);
      }
    }),
    { numRuns: 100 },
  );
});

test('whatever a network does, nothing is heard that was not said, and who fails takes the other along', () => {
  const seen = { agreed: 0, handshakeFailed: 0, broken: 0, heardBeforeBreaking: 0 };
  const schedule = fc.tuple(
    fc.array(honest, { minLength: 5, maxLength: 30 }),
    fc.array(hostile, { minLength: 1, maxLength: 3 }),
    fc.array(fc.oneof({ weight: 9, arbitrary: honest }, { weight: 1, arbitrary: hostile }), {
      maxLength: 30,
    }),
  );
  fc.assert(
    fc.property(start, schedule, (start, actions) => {
      const world = play(start, actions.flat());
      const [a, b] = world.sides;
      if (a.finished !== undefined && b.finished !== undefined) {
        seen.agreed++;
        assert.deepEqual(a.finished.transport.handshakeHash, b.finished.transport.handshakeHash);
        assert.deepEqual(a.finished.transport.remoteStaticKey, testKeys(2).publicKey);
        assert.deepEqual(b.finished.transport.remoteStaticKey, testKeys(1).publicKey);
        assert.equal(a.finished.suite, b.finished.suite);
      }
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        assert.deepEqual(one.heard, other.sent.slice(0, one.heard.length), 'in order, from the first on');
        if (one.closeHeard) {
          assert.deepEqual(one.heard, other.sent, 'CLOSE comes after everything');
        }
        if (one.finished === undefined) {
          seen.handshakeFailed++;
          assert.deepEqual([other.heard, other.closeHeard], [[], false], 'the other side never hears a word');
        }
        if (one.error !== undefined) {
          seen.broken++;
        }
        if (one.error !== undefined && one.heard.length > 0) {
          seen.heardBeforeBreaking++;
        }
        if (!a.out.touched && !b.out.touched) {
          assert.equal(one.error, undefined);
        }
      }
      if (a.error === undefined && b.error === undefined && a.closeHeard && b.closeHeard) {
        assert.deepEqual([a.heard, b.heard], [b.sent, a.sent]);
      }
    }),
    { numRuns: 400 },
  );
  for (const [what, times] of Object.entries(seen)) {
    assert.ok(times > 10, `${what}: ${times} times`);
  }
});
