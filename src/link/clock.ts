import { TICK_MS, WHEEL_TICKS } from './limits.ts';

/** Something with deadlines. */
export interface Ticking {
  /**
   * Called at the first tick of the clock after the time that was asked for, or earlier. `now`: milliseconds,
   * as {@link now} gives them. Returns when it wants to be called again; infinity: never.
   */
  tick(now: number): number;
}

/** Milliseconds of a steady clock. */
export function now(): number {
  return performance.now();
}

/**
 * A timer wheel (Varghese and Lauck, 1987): a ring of slots, one for each tick of a coarse clock, in which
 * whatever has a deadline waits. A turn costs as much as is due in it, not as much as waits: ten thousand
 * idle links that want to be called every 20 s are five hundred calls a second. A deadline beyond the ring
 * waits in its last slot and is then asked again.
 */
export class Wheel {
  readonly #slots: Set<Ticking>[];
  readonly #places = new Map<Ticking, Set<Ticking>>();
  readonly #tickMs: number;
  /** The last tick that has been turned. */
  #turned: number;

  /** `start`: milliseconds of the clock whose time `turn` is given. */
  constructor(start: number, tickMs: number = TICK_MS, ticks: number = WHEEL_TICKS) {
    this.#tickMs = tickMs;
    this.#slots = Array.from({ length: ticks }, () => new Set());
    this.#turned = Math.floor(start / tickMs);
  }

  /** How many wait. */
  get size(): number {
    return this.#places.size;
  }

  /** Calls `one` at `at`, instead of when it was to be called before. */
  call(one: Ticking, at: number): void {
    this.#places.get(one)?.delete(one);
    if (at === Number.POSITIVE_INFINITY) {
      this.#places.delete(one);
      return;
    }
    const ticks = this.#slots.length;
    const due = Math.min(Math.max(Math.ceil(at / this.#tickMs), this.#turned + 1), this.#turned + ticks - 1);
    const slot = this.#slots[due % ticks] as Set<Ticking>;
    slot.add(one);
    this.#places.set(one, slot);
  }

  /** Calls it no more. */
  forget(one: Ticking): void {
    this.#places.get(one)?.delete(one);
    this.#places.delete(one);
  }

  /** Calls whatever is due at `now`. After a long sleep each slot is looked at once. */
  turn(now: number): void {
    const ticks = this.#slots.length;
    const tick = Math.floor(now / this.#tickMs);
    const missed = Math.min(tick - this.#turned, ticks);
    for (let each = tick - missed + 1; each <= tick; each++) {
      this.#turned = each;
      this.#callAll(this.#slots[each % ticks] as Set<Ticking>, now);
    }
  }

  #callAll(slot: Set<Ticking>, now: number): void {
    const due = [...slot];
    slot.clear();
    for (const one of due) {
      // One that is called may end another, and may end itself or ask for another time.
      if (this.#places.get(one) !== slot) {
        continue;
      }
      const next = one.tick(now);
      if (this.#places.get(one) === slot) {
        this.call(one, next);
      }
    }
  }
}

const wheel = new Wheel(now());
let timer: NodeJS.Timeout | undefined;

/**
 * Calls `tick` at `at`, to within {@link TICK_MS}: one coarse timer for a thread, which does not keep it
 * alive.
 */
export function watch(one: Ticking, at: number): void {
  if (timer === undefined) {
    // While nothing was watched the wheel was not turned.
    wheel.turn(now());
    timer = setInterval(() => wheel.turn(now()), TICK_MS).unref();
  }
  wheel.call(one, at);
}

/** Calls it no more. */
export function unwatch(one: Ticking): void {
  wheel.forget(one);
  if (wheel.size > 0) {
    return;
  }
  clearInterval(timer);
  timer = undefined;
}
