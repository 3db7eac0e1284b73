import { type Dice, Urn } from './dice.ts';
import { type CommitFault, type Faults, NO_FAULTS } from './faulty-store.ts';
import { HABITS, type Habit } from './habits.ts';

/** What the scheduler may do next. */
export type Move = 'act' | 'deliver' | 'turn' | 'operate' | 'cut' | 'die' | 'gateway' | 'crash' | 'clock';

/** How one simulation differs from another. */
export interface Swarm {
  readonly disk: 'model' | 'sqlite';
  readonly people: number;
  /** Names that more than one person would like to have. */
  readonly contested: number;
  readonly gateways: number;
  readonly rates: boolean;
  readonly events: boolean;
  /** Welcome grant, minor units. */
  readonly grant: number;
  readonly window: number;
  readonly burst: number;
  readonly orders: number;
  readonly mostInBatch: number;
  readonly habits: Urn<Habit>;
  readonly moves: Urn<Move>;
  /** In a thousand turns, those where something fails. */
  readonly faults: {
    readonly commit: number;
    readonly load: number;
    readonly find: number;
    readonly history: number;
  };
  readonly commitFaults: readonly CommitFault[];
  /** How often, of a thousand clock moves, the disk becomes as good as full, or no longer is. */
  readonly room: number;
}

const RARE: readonly Habit[] = ['exit', 'leave', 'malformed', 'nonsense', 'again', 'break'];
const COMMIT_FAULTS: readonly CommitFault[] = [
  'before',
  'middle',
  'after',
  'ghost',
  'dies before',
  'dies after',
];
/**
 * Nobody learns from such a batch which of its requests were too many: where rates are, the model could not
 * follow.
 */
const UNTOLD: readonly CommitFault[] = ['after', 'ghost', 'dies after'];

/**
 * Draws what a simulation is like. Every one leaves out some of what there is and does more of the rest: what
 * only shows when much of one thing happens is found by those, which a mean of everything would never show.
 */
export function drawSwarm(dice: Dice, disk: Swarm['disk']): Swarm {
  const stormy = dice.thousandth(700);
  const grant = dice.pick([1, 500, 10_000, 10_000, 10_000, 10_000, 1_000_000, 2 ** 51]);
  const window = dice.pick([1, 4, 12, 12, 40]);
  const rates = dice.thousandth(150);
  const commitFaults = COMMIT_FAULTS.filter(
    (fault) => dice.thousandth(500) && !(rates && UNTOLD.includes(fault)),
  );
  return {
    disk,
    people: dice.pick([2, 2, 3, 5, 9]),
    contested: dice.below(3),
    gateways: dice.between(1, 4),
    rates,
    events: dice.thousandth(200),
    grant,
    window,
    burst: dice.pick([1, 2, window]),
    orders: dice.pick([5, 100, 2 ** 31, 2 ** 31, 2 ** 31]),
    mostInBatch: dice.pick([1, 4, 64, 4_096]),
    habits: drawHabits(dice),
    moves: new Urn<Move>([
      ['act', dice.between(200, 1_000)],
      ['deliver', dice.between(500, 4_000)],
      ['turn', dice.between(100, 1_500)],
      ['operate', dice.pick([0, 0, 4, 40])],
      ['gateway', stormy ? dice.below(5) : 0],
      ['cut', stormy ? dice.below(20) : 0],
      ['die', stormy ? dice.below(10) : 0],
      ['crash', stormy ? dice.below(5) : 0],
      ['clock', 100],
    ]),
    faults: {
      commit: stormy && commitFaults.length > 0 ? dice.pick([5, 20, 60, 400]) : 0,
      load: stormy ? dice.below(300) : 0,
      find: stormy ? dice.below(20) : 0,
      history: stormy ? dice.below(100) : 0,
    },
    commitFaults,
    room: dice.thousandth(200) ? 200 : 0,
  };
}

/** What goes wrong in one turn. */
export function drawFaults(dice: Dice, { faults, commitFaults }: Swarm): Faults {
  const { commit, load, find, history } = faults;
  const ticks = dice.below(4);
  if (commit + find + history === 0) {
    return { ...NO_FAULTS, ticks };
  }
  const histories = new Set<number>();
  for (let at = 0; at < 4; at++) {
    if (dice.thousandth(history)) {
      histories.add(at);
    }
  }
  return {
    commit: dice.thousandth(commit) ? dice.pick(commitFaults) : undefined,
    loads: dice.thousandth(load) ? dice.between(1, 3) : 0,
    find: dice.thousandth(find),
    histories,
    ticks,
  };
}

function drawHabits(dice: Dice): Urn<Habit> {
  const weights = HABITS.map((habit) => {
    const weight = dice.pick([0, 1, 1, 4, 10]);
    if (habit === 'pay') {
      return [habit, 100 + 60 * weight] as const;
    }
    return [habit, RARE.includes(habit) ? weight : 20 * weight] as const;
  });
  return new Urn(weights);
}

/** In one line. */
export function describeSwarm(swarm: Swarm): string {
  const { people, gateways, grant, window, burst, orders, mostInBatch, faults, commitFaults, rates } = swarm;
  return [
    `${swarm.disk} disk, ${people} people, ${gateways} gateways, grant ${grant}, ${rates ? '' : 'no '}rates`,
    `window ${window}, burst ${burst}, ${orders} order numbers, batches of ${mostInBatch}`,
    `faults per 1000: ${Object.entries(faults)
      .map((entry) => entry.join(' '))
      .join(', ')} (${commitFaults.join(', ')})`,
  ].join('; ');
}
