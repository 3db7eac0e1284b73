import { type Figures, SimulationFailure } from './figures.ts';
import { type Sabotage, Simulation } from './simulation.ts';
import type { Swarm } from './swarm.ts';

/** Of so many seeds one runs on the real store, which is slower by a factor of ten. */
const SQLITE_EVERY = 20;

/** Events that are shown of a simulation that fails. */
const SHOWN_EVENTS = 30;

/** Seeds that are tried for one that fails alike, and sooner; and for how long, in ms. */
const SHORTER_TRIES = 200;
const SHORTER_MS = 10_000;

export interface CampaignOptions {
  readonly steps: number;
  /** Undefined: as the seed says. */
  readonly disk?: Swarm['disk'] | undefined;
  readonly sabotage?: Sabotage | undefined;
  /** Whether a shorter simulation is looked for that fails alike. Default: yes. */
  readonly shorten?: boolean | undefined;
}

/** What a simulation has found. */
export interface Finding {
  readonly seed: number;
  readonly step: number;
  /** The error with its stack. */
  readonly text: string;
  /** The last things that happened. */
  readonly events: readonly string[];
  /** Another seed that fails in the same words after fewer steps. */
  readonly shorter: { readonly seed: number; readonly step: number } | undefined;
}

/** Where the books of a seed are kept. */
export function diskOf(seed: number): Swarm['disk'] {
  return seed % SQLITE_EVERY === 0 ? 'sqlite' : 'model';
}

/** Runs one seed. Returns how it went; a `Finding` when something was not as it must be. */
export async function runSeed(seed: number, options: CampaignOptions): Promise<Figures | Finding> {
  const failure = await attempt(seed, options);
  if (!(failure instanceof SimulationFailure)) {
    return failure;
  }
  const events: string[] = [];
  await attempt(seed, options, (event) => {
    events.push(event);
    if (events.length > SHOWN_EVENTS) {
      events.shift();
    }
  });
  const { step, cause } = failure;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : failure.message;
  return {
    seed,
    step,
    text,
    events,
    shorter: options.shorten === false ? undefined : await shorten(failure, options),
  };
}

/** Adds what one simulation has done to what others did. */
export function addFigures(sum: Record<string, number>, figures: Figures): void {
  for (const [name, count] of Object.entries(figures)) {
    sum[name] = (sum[name] ?? 0) + count;
  }
}

async function attempt(
  seed: number,
  { steps, disk = diskOf(seed), sabotage }: CampaignOptions,
  trace?: (event: string) => void,
): Promise<Figures | SimulationFailure> {
  try {
    return await Simulation.run({ seed, steps, disk, sabotage, trace });
  } catch (error) {
    if (error instanceof SimulationFailure) {
      return error;
    }
    throw error;
  }
}

/**
 * A simulation cannot be cut down without becoming another one; but among others there is one that fails
 * sooner.
 */
async function shorten(failure: SimulationFailure, options: CampaignOptions): Promise<Finding['shorter']> {
  let best: Finding['shorter'];
  let steps = failure.step;
  const deadline = performance.now() + SHORTER_MS;
  for (let seed = 1; seed <= SHORTER_TRIES && steps > 1 && performance.now() < deadline; seed++) {
    const other = await attempt(seed, { disk: diskOf(failure.seed), ...options, steps: steps - 1 });
    if (!(other instanceof SimulationFailure) || kindOf(other) !== kindOf(failure)) {
      continue;
    }
    steps = other.step;
    best = { seed, step: other.step };
  }
  return best;
}

/** What is said, without the names and numbers of the case. */
function kindOf({ message }: SimulationFailure): string {
  return message.replace(/\{.*\}|\[.*\]|[a-z]?\d+/g, '#');
}
