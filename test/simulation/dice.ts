import { Random } from '../fuzz/random.ts';

/** All the chance of one simulation: whoever needs some takes it here, so that the seed says everything. */
export class Dice extends Random {
  /** True `count` times in a thousand. */
  thousandth(count: number): boolean {
    return this.below(1000) < count;
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** Takes one out of a list that is not empty; the last takes its place. */
  take<T>(list: T[]): T {
    const at = this.below(list.length);
    const last = list.pop() as T;
    if (at === list.length) {
      return last;
    }
    const taken = list[at] as T;
    list[at] = last;
    return taken;
  }
}

/** Things that are drawn as often as they weigh. */
export class Urn<T> {
  readonly #things: readonly T[];
  readonly #ends: readonly number[];
  readonly #total: number;

  /** Weights are integers; at least one is not 0. */
  constructor(weights: readonly (readonly [thing: T, weight: number])[]) {
    const heavy = weights.filter(([, weight]) => weight > 0);
    let total = 0;
    this.#things = heavy.map(([thing]) => thing);
    this.#ends = heavy.map(([, weight]) => {
      total += weight;
      return total;
    });
    this.#total = total;
  }

  draw(dice: Dice): T {
    const at = dice.below(this.#total);
    return this.#things[this.#ends.findIndex((end) => at < end)] as T;
  }
}
