/** What people may do on a few links, as fast-check draws it, and the inputs that come of it. */
import fc from 'fast-check';
import type { HubInput } from './internals.ts';
import type { Town, Visitor } from './town.ts';

export const NAMES = ['ann', 'ben', 'cat'] as const;
/** Links at once; two people have two. */
const LINKS = 5;

export type Step =
  | {
      readonly do: 'register' | 'login' | 'list' | 'history' | 'friends' | 'exit' | 'break';
      readonly link: number;
    }
  | { readonly do: 'befriend' | 'unfriend'; readonly link: number; readonly name: string }
  | {
      readonly do: 'pay';
      readonly link: number;
      readonly name: string;
      readonly amount: number;
      readonly id: number;
    };

const link = fc.nat(LINKS - 1);
const name = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('login', 'list', 'history', 'friends', 'exit', 'break'),
    link,
  }),
  fc.record({ do: fc.constantFrom('befriend', 'unfriend'), link, name }),
  fc.record({
    do: fc.constant('pay'),
    link,
    name,
    amount: fc.integer({ min: 0, max: 6_000 }),
    id: fc.nat(9),
  }),
  fc.record({ do: fc.constant('pay'), link, name, amount: fc.constant(100), id: fc.nat(9) }),
);

/** Batches, and whether the commit of each fails. */
export const batches = fc.array(
  fc.record({ steps: fc.array(step, { maxLength: 8 }), fails: fc.nat(4).map((n) => n === 0) }),
  {
    maxLength: 15,
  },
);

/** Everybody registers and logs in. */
export const BEGINNING: readonly Step[] = NAMES.flatMap((_, link) => [
  { do: 'register', link },
  { do: 'login', link },
]);

/** The links of a town, and whose they are. */
export class Crowd {
  readonly #town: Town;
  readonly #visitors: Visitor[] = [];

  constructor(town: Town) {
    this.#town = town;
  }

  /** The inputs that come of a step: a link that is not there is opened first. */
  inputs(one: Step): HubInput[] {
    const before: HubInput[] = [];
    let visitor = this.#visitors[one.link];
    if (visitor === undefined) {
      visitor = this.#town.visitor((one.link % NAMES.length) + 1);
      this.#visitors[one.link] = visitor;
      before.push(visitor.opened);
    }
    return [...before, this.#input(one, visitor)];
  }

  #input(one: Step, visitor: Visitor): HubInput {
    const own = NAMES[one.link % NAMES.length] ?? 'ann';
    switch (one.do) {
      case 'register':
        return visitor.ask('register', { name: own });
      case 'login':
        return visitor.login(own);
      case 'break':
        delete this.#visitors[one.link];
        return visitor.closed;
      case 'pay':
        return visitor.pay(one.name, one.amount, one.id);
      case 'befriend':
      case 'unfriend':
        return visitor.ask(one.do, { name: one.name });
      default:
        return visitor.ask(one.do, {});
    }
  }
}
