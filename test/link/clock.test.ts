import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Ticking, Wheel } from './support/internals.ts';

const TICK = 1_000;
const SLOTS = 8;

/** Something that notes when it is called, and asks to be called again as it is told. */
class Note implements Ticking {
  readonly calls: number[] = [];
  readonly #again: (now: number) => number;

  constructor(again: (now: number) => number = () => Number.POSITIVE_INFINITY) {
    this.#again = again;
  }

  tick(now: number): number {
    this.calls.push(now);
    return this.#again(now);
  }
}

describe('the timer wheel', () => {
  test('calls at the first tick after the time that was asked for', () => {
    const wheel = new Wheel(0, TICK, SLOTS);
    const note = new Note();
    wheel.call(note, 2_500);
    for (let time = 100; time < 5_000; time += 100) {
      wheel.turn(time);
    }
    assert.deepEqual(note.calls, [3_000]);
    assert.equal(wheel.size, 0);
  });

  test('calls again when it is told to, and never after it is forgotten', () => {
    const wheel = new Wheel(0, TICK, SLOTS);
    const note = new Note((now) => now + 2_000);
    wheel.call(note, 1_000);
    for (let time = 0; time <= 6_000; time += 500) {
      wheel.turn(time);
    }
    assert.deepEqual(note.calls, [1_000, 3_000, 5_000]);
    wheel.forget(note);
    wheel.turn(20_000);
    assert.equal(note.calls.length, 3);
    assert.equal(wheel.size, 0);
  });

  test('a later word replaces an earlier one, from within a call too', () => {
    const wheel = new Wheel(0, TICK, SLOTS);
    const first = new Note();
    const second: Note = new Note(() => {
      wheel.call(second, 6_000);
      return 3_000;
    });
    wheel.call(first, 1_000);
    wheel.call(first, 4_000);
    wheel.call(second, 1_000);
    for (let time = 0; time <= 6_000; time += 1_000) {
      wheel.turn(time);
    }
    assert.deepEqual(first.calls, [4_000]);
    assert.deepEqual(second.calls, [1_000, 6_000]);
  });

  test('one that is called may end another that is due, and itself', () => {
    const wheel = new Wheel(0, TICK, SLOTS);
    const victim = new Note();
    const killer: Note = new Note(() => {
      wheel.forget(victim);
      wheel.forget(killer);
      return 2_000;
    });
    wheel.call(killer, 1_000);
    wheel.call(victim, 1_000);
    wheel.turn(1_000);
    wheel.turn(9_000);
    assert.deepEqual([killer.calls, victim.calls], [[1_000], []]);
    assert.equal(wheel.size, 0);
  });

  test('a turn looks at what is due, not at what waits', () => {
    const wheel = new Wheel(0, TICK, SLOTS);
    const waiting = Array.from({ length: 10_000 }, () => new Note());
    for (const note of waiting) {
      wheel.call(note, 6_000);
    }
    for (let time = 0; time < 6_000; time += 1_000) {
      wheel.turn(time);
    }
    assert.equal(
      waiting.every(({ calls }) => calls.length === 0),
      true,
    );
    wheel.turn(6_000);
    assert.equal(
      waiting.every(({ calls }) => calls.length === 1),
      true,
    );
  });

  test('however it is turned: never early with its last call, and late by less than a tick and a turn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ after: fc.nat(30_000), asked: fc.nat(40_000) }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 15_000 }), { minLength: 1, maxLength: 20 }),
        (asks, turns) => {
          const wheel = new Wheel(0, TICK, SLOTS);
          const rang = new Map<object, number>();
          let time = 0;
          let longest = 0;
          const notes = asks.map(({ after, asked }) => {
            const due = after + asked;
            const note: Ticking = {
              tick(now) {
                if (now < due) {
                  return due;
                }
                rang.set(note, now);
                return Number.POSITIVE_INFINITY;
              },
            };
            return { note, after, due };
          });
          for (const step of [...turns, 100_000, 1_000, 1_000]) {
            for (const { note, after, due } of notes) {
              if (after >= time && after < time + step) {
                wheel.call(note, due);
              }
            }
            time += step;
            longest = Math.max(longest, step);
            wheel.turn(time);
          }
          for (const { note, after, due } of notes) {
            if (after >= time) {
              continue;
            }
            const at = rang.get(note);
            assert.ok(at !== undefined && at >= due && at <= due + TICK + 2 * longest, `${due}: ${at}`);
          }
          assert.equal(wheel.size, 0);
        },
      ),
    );
  });
});
