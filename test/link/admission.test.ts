import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Admission, type AdmissionLimits, Census, type Visit } from './support/internals.ts';

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
  const memory = Census.memory(count);
  return Array.from(
    { length: count },
    (_, page) => new Admission({ ...LIMITS, ...limits }, new Census(memory, page), random),
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
    const visits: (Visit | undefined)[] = [];
    for (let number = 0; number < LIMITS.openingsPerSource; number++)
      visits.push((number % 2 === 0 ? first : second)?.enter('192.0.2.1'));
    assert.ok(visits.every((visit) => visit !== undefined));
    assert.equal(first?.enter('192.0.2.1'), undefined);
    assert.equal(second?.enter('192.0.2.1'), undefined);
    assert.ok(second?.enter('192.0.2.2') !== undefined, 'others are not concerned');
    visits[3]?.left();
    assert.ok(first?.enter('192.0.2.1') !== undefined);
  });

  test('one who has a network of 2^64 addresses is one source, and is not the neighbour', () => {
    const gate = one(gates(1));
    for (let number = 0; number < LIMITS.openingsPerSource; number++)
      assert.ok(gate.enter(`2001:db8:1:2::${number}`) !== undefined);
    assert.equal(gate.enter('2001:db8:1:2:ffff::1'), undefined);
    assert.ok(gate.enter('2001:db8:1:3::1') !== undefined);
  });

  test('between the marks the chance to be refused rises evenly, at the high mark nobody is taken', () => {
    let dice = 0;
    const gate = one(gates(1, {}, () => dice));
    for (let number = 0; number < LIMITS.openingsLow; number++)
      assert.ok(gate.enter(stranger(number)) !== undefined, 'below the low mark whatever the dice say');
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
    for (const visit of own) {
      assert.equal(visit?.admit(), true);
      visit.opened();
    }
    const next = second.enter('192.0.2.1');
    assert.equal(next?.admit(), false, 'from one source');
    next.left();
    const others: Visit[] = [];
    for (let number = LIMITS.linksPerSource; number < LIMITS.links; number++) {
      const visit: Visit | undefined = second.enter(stranger(number));
      assert.equal(visit?.admit(), true);
      others.push(visit);
    }
    const last = first.enter(stranger(999));
    assert.equal(last?.admit(), false, 'in all');
    // Its handshake was not even finished.
    others[0]?.left();
    assert.equal(first.enter(stranger(998))?.admit(), true);
  });

  test('what a thread had counted that is no more is forgotten, and nothing else', () => {
    const memory = Census.memory(2);
    const [kept, lost] = [new Census(memory, 0), new Census(memory, 1)];
    const place = kept.place('192.0.2.1');
    kept.count('links', place, 1);
    lost.count('links', place, 1);
    lost.count('openings', place, 1);
    assert.deepEqual([kept.all('links'), lost.of('links', place), kept.all('openings')], [2, 2, 1]);
    Census.wipe(memory, 1);
    assert.deepEqual([kept.all('links'), lost.of('links', place), kept.all('openings')], [1, 1, 0]);
  });

  test('ten thousand connections of as many sources: hardly any is taken for more than a few', () => {
    const census = new Census(Census.memory(1), 0);
    const places = Array.from({ length: 10_000 }, (_, number) => census.place(stranger(number)));
    for (const place of places) census.count('links', place, 1);
    assert.ok(Math.max(...places.map((place) => census.of('links', place))) < 20);
    for (const place of places) census.count('links', place, -1);
    assert.ok(places.every((place) => census.of('links', place) === 0));
  });

  test('whatever comes and goes, on whichever thread: no bound is ever exceeded, and all places are free in the end', () => {
    const step = fc.record({
      gate: fc.nat(2),
      source: fc.nat(6),
      what: fc.constantFrom('enter', 'admit', 'opened', 'left'),
      which: fc.nat(1_000),
    });
    const chances = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), chances, (steps, dice) => {
        const street = new Street(() => dice.next().value ?? 0);
        for (const { what, gate, source, which } of steps) {
          if (what === 'enter') street.enter(gate, stranger(source));
          else street.proceed(what, which);
          street.check();
        }
        street.empty();
      }),
      { numRuns: 50 },
    );
  });
});

interface Guest {
  readonly visit: Visit;
  readonly source: string;
  state: 'new' | 'admitted' | 'link' | 'refused';
}

/** Three gates, whoever is behind them, and what the census says of that. */
class Street {
  readonly #gates: readonly Admission[];
  readonly #census: Census;
  readonly #guests: Guest[] = [];

  constructor(random: () => number) {
    const memory = Census.memory(3);
    this.#census = new Census(memory, 0);
    this.#gates = [0, 1, 2].map((page) => new Admission(LIMITS, new Census(memory, page), random));
  }

  enter(gate: number, source: string): void {
    const visit = this.#gates[gate]?.enter(source);
    if (visit !== undefined) this.#guests.push({ visit, source, state: 'new' });
  }

  proceed(what: 'admit' | 'opened' | 'left', which: number): void {
    const guest = this.#guests[which % Math.max(1, this.#guests.length)];
    if (guest === undefined) return;
    if (what === 'left') {
      guest.visit.left();
      this.#guests.splice(this.#guests.indexOf(guest), 1);
    } else if (what === 'admit' && guest.state === 'new') {
      guest.state = guest.visit.admit() ? 'admitted' : 'refused';
    } else if (what === 'opened' && guest.state === 'admitted') {
      guest.visit.opened();
      guest.state = 'link';
    }
  }

  check(): void {
    const openings = this.#guests.filter(({ state }) => state !== 'link');
    const links = this.#guests.filter(({ state }) => state === 'admitted' || state === 'link');
    assert.deepEqual(
      [this.#census.all('openings'), this.#census.all('links')],
      [openings.length, links.length],
    );
    assert.ok(openings.length <= LIMITS.openingsHigh && links.length <= LIMITS.links);
    for (const { source } of this.#guests) {
      assert.ok(openings.filter((other) => other.source === source).length <= LIMITS.openingsPerSource);
      assert.ok(links.filter((other) => other.source === source).length <= LIMITS.linksPerSource);
    }
  }

  empty(): void {
    for (const { visit } of this.#guests) visit.left();
    assert.deepEqual([this.#census.all('openings'), this.#census.all('links')], [0, 0]);
  }
}
