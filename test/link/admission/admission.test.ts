import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  Admission,
  type AdmissionLimits,
  type CountedConnection,
  SourceCounts,
} from '../support/internals.ts';

const LIMITS: AdmissionLimits = {
  links: 20,
  linksPerSource: 5,
  openingsLow: 10,
  openingsHigh: 30,
  openingsPerSource: 8,
};

/** Somebody else each time. */
const stranger = (number: number): string => `192.0.${number >> 8}.${number & 255}`;

/** As many gates as threads, over one memory, each with the same dice. */
function gates(count: number, limits: Partial<AdmissionLimits> = {}, random = () => 0.999_999): Admission[] {
  const memory = SourceCounts.memory(count);
  return Array.from(
    { length: count },
    (_, page) => new Admission({ ...LIMITS, ...limits }, new SourceCounts(memory, page), random),
  );
}

function one<T>(list: readonly T[]): T {
  const [first] = list;
  assert.ok(first !== undefined);
  return first;
}

describe('who may connect', () => {
  test('handshakes under way: from one source, over all threads, and a place is free again when one has left', () => {
    const [first, second] = gates(2);
    const connections: (CountedConnection | undefined)[] = [];
    for (let number = 0; number < LIMITS.openingsPerSource; number++) {
      connections.push((number % 2 === 0 ? first : second)?.enter('192.0.2.1'));
    }
    assert.ok(connections.every((connection) => connection !== undefined));
    assert.equal(first?.enter('192.0.2.1'), undefined);
    assert.equal(second?.enter('192.0.2.1'), undefined);
    assert.ok(second?.enter('192.0.2.2') !== undefined, 'others are not concerned');
    connections[3]?.closed();
    assert.ok(first?.enter('192.0.2.1') !== undefined);
  });

  test('one who has a network of 2^64 addresses is one source, and is not the neighbour', () => {
    const gate = one(gates(1));
    for (let number = 0; number < LIMITS.openingsPerSource; number++) {
      assert.ok(gate.enter(`2001:db8:1:2::${number}`) !== undefined);
    }
    assert.equal(gate.enter('2001:db8:1:2:ffff::1'), undefined);
    assert.ok(gate.enter('2001:db8:1:3::1') !== undefined);
  });

  test('between the marks the chance to be refused rises evenly, at the high mark nobody is taken', () => {
    let dice = 0;
    const gate = one(gates(1, {}, () => dice));
    for (let number = 0; number < LIMITS.openingsLow; number++) {
      assert.ok(gate.enter(stranger(number)) !== undefined, 'below the low mark whatever the dice say');
    }
    const range = LIMITS.openingsHigh - LIMITS.openingsLow + 1;
    for (let above = 0; above < LIMITS.openingsHigh - LIMITS.openingsLow; above++) {
      dice = (above + 1) / range - 1e-9;
      assert.equal(gate.enter(stranger(1_000 + above)), undefined);
      dice = (above + 1) / range + 1e-9;
      assert.ok(gate.enter(stranger(2_000 + above)) !== undefined);
    }
    dice = 0.999_999;
    assert.equal(gate.enter(stranger(5_000)), undefined);
  });

  test('links: in all and from one source; a handshake that fails gives its place back', () => {
    const [first, second] = gates(2, { openingsPerSource: 1_000, openingsLow: 1_000, openingsHigh: 2_000 });
    assert.ok(first !== undefined && second !== undefined);
    const own = Array.from({ length: LIMITS.linksPerSource }, () => first.enter('192.0.2.1'));
    for (const connection of own) {
      assert.equal(connection?.countLink(), true);
      connection.opened();
    }
    const next = second.enter('192.0.2.1');
    assert.equal(next?.countLink(), false, 'from one source');
    next.closed();
    const others: CountedConnection[] = [];
    for (let number = LIMITS.linksPerSource; number < LIMITS.links; number++) {
      const connection: CountedConnection | undefined = second.enter(stranger(number));
      assert.equal(connection?.countLink(), true);
      others.push(connection);
    }
    const last = first.enter(stranger(999));
    assert.equal(last?.countLink(), false, 'in all');
    // Its handshake was not even finished.
    others[0]?.closed();
    assert.equal(first.enter(stranger(998))?.countLink(), true);
  });

  test('what a thread had counted that is no more is forgotten, and nothing else', () => {
    const memory = SourceCounts.memory(2);
    const [kept, lost] = [new SourceCounts(memory, 0), new SourceCounts(memory, 1)];
    const place = kept.place('192.0.2.1');
    kept.count('links', place, 1);
    lost.count('links', place, 1);
    lost.count('openings', place, 1);
    assert.deepEqual([kept.all('links'), lost.of('links', place), kept.all('openings')], [2, 2, 1]);
    SourceCounts.wipe(memory, 1);
    assert.deepEqual([kept.all('links'), lost.of('links', place), kept.all('openings')], [1, 1, 0]);
  });

  test('ten thousand connections of as many sources: hardly any is taken for more than a few', () => {
    const counts = new SourceCounts(SourceCounts.memory(1), 0);
    const places = Array.from({ length: 10_000 }, (_, number) => counts.place(stranger(number)));
    for (const place of places) {
      counts.count('links', place, 1);
    }
    assert.ok(Math.max(...places.map((place) => counts.of('links', place))) < 20);
    for (const place of places) {
      counts.count('links', place, -1);
    }
    assert.ok(places.every((place) => counts.of('links', place) === 0));
  });

  test('whatever comes and goes, on whichever thread: no bound is ever exceeded, and all places are free in the end', () => {
    const step = fc.record({
      thread: fc.nat(2),
      source: fc.nat(6),
      what: fc.constantFrom('enter', 'countLink', 'opened', 'closed'),
      which: fc.nat(1_000),
    });
    const chances = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), chances, (steps, dice) => {
        const threads = new Threads(() => dice.next().value ?? 0);
        for (const { what, thread, source, which } of steps) {
          if (what === 'enter') {
            threads.enter(thread, stranger(source));
          } else {
            threads.proceed(what, which);
          }
          threads.check();
        }
        threads.empty();
      }),
      { numRuns: 50 },
    );
  });
});

interface Connection {
  readonly counted: CountedConnection;
  readonly source: string;
  state: 'new' | 'admitted' | 'link' | 'refused';
}

/** Three threads that share the counts, and their connections: what must be counted. */
class Threads {
  readonly #threads: readonly Admission[];
  readonly #counts: SourceCounts;
  readonly #connections: Connection[] = [];

  constructor(random: () => number) {
    const memory = SourceCounts.memory(3);
    this.#counts = new SourceCounts(memory, 0);
    this.#threads = [0, 1, 2].map((page) => new Admission(LIMITS, new SourceCounts(memory, page), random));
  }

  enter(thread: number, source: string): void {
    const connection = this.#threads[thread]?.enter(source);
    if (connection !== undefined) {
      this.#connections.push({ counted: connection, source, state: 'new' });
    }
  }

  proceed(what: 'countLink' | 'opened' | 'closed', which: number): void {
    const one = this.#connections[which % Math.max(1, this.#connections.length)];
    if (one === undefined) {
      return;
    }
    if (what === 'closed') {
      one.counted.closed();
      this.#connections.splice(this.#connections.indexOf(one), 1);
    } else if (what === 'countLink' && one.state === 'new') {
      one.state = one.counted.countLink() ? 'admitted' : 'refused';
    } else if (what === 'opened' && one.state === 'admitted') {
      one.counted.opened();
      one.state = 'link';
    }
  }

  check(): void {
    const openings = this.#connections.filter(({ state }) => state !== 'link');
    const links = this.#connections.filter(({ state }) => state === 'admitted' || state === 'link');
    assert.deepEqual(
      [this.#counts.all('openings'), this.#counts.all('links')],
      [openings.length, links.length],
    );
    assert.ok(openings.length <= LIMITS.openingsHigh && links.length <= LIMITS.links);
    for (const { source } of this.#connections) {
      assert.ok(openings.filter((other) => other.source === source).length <= LIMITS.openingsPerSource);
      assert.ok(links.filter((other) => other.source === source).length <= LIMITS.linksPerSource);
    }
  }

  empty(): void {
    for (const { counted } of this.#connections) {
      counted.closed();
    }
    assert.deepEqual([this.#counts.all('openings'), this.#counts.all('links')], [0, 0]);
  }
}
