import { type Case, type Contender, type Running, type Sample, Unavailable } from './case.ts';
import type { Samples } from './report/result.ts';

/**
 * Seconds that setting up a contender, or a round of fixed work, may take beyond twenty times what its case
 * says.
 */
const GRACE_S = 120;
/** How often longer than its case says a round may take: other work may have the machine. */
const PATIENCE = 20;
/** Seconds that a contender may take to end its processes, and to check what they did. */
const CLOSE_LIMIT_S = 120;

/** What happens while a case runs. */
export interface Observer {
  /** Round 0 is the one that only warms up; absent while the contender is set up. */
  step(asked: Case, contender: string, round?: number): void;
  /** The step that was last told of is over. */
  stepped(): void;
  leftOut(asked: Case, contender: string, reason: string): void;
}

export interface Settings {
  readonly rounds: number;
  /** Of a round. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** A contender that did not do what it was asked; the cause says what happened. */
export class ContenderError extends Error {
  override readonly name = 'ContenderError';
}

/** The measured rounds of a case: as many as asked for, or as many as it allows. */
export function roundsOf(asked: Case, rounds: number): number {
  return Math.min(asked.rounds ?? rounds, rounds);
}

/** A case with fixed rounds allows none that is thrown away. */
export function warmUpsOf(asked: Case): number {
  return asked.rounds === undefined ? 1 : 0;
}

interface Entrant {
  readonly contender: Contender;
  readonly running: Running;
  readonly samples: Sample[];
}

/**
 * Sets up all contenders of a case, warms each up, and measures them in turn, round by round: what slows the
 * machine down for a while slows all of them. Throws ContenderError; no contender runs any more when this has
 * ended.
 */
export async function runCase(asked: Case, settings: Settings, observer: Observer): Promise<Samples> {
  const entrants: Entrant[] = [];
  try {
    await play(asked, settings, observer, entrants);
  } catch (error) {
    await Promise.allSettled(entrants.map((entrant) => closeInTime(asked, entrant)));
    throw error;
  }
  await Promise.all(entrants.map((entrant) => closeInTime(asked, entrant)));
  return new Map(entrants.map(({ contender, samples }) => [contender.name, samples]));
}

async function play(asked: Case, settings: Settings, observer: Observer, entrants: Entrant[]): Promise<void> {
  for (const contender of asked.contenders) {
    observer.step(asked, contender.name);
    const running = await setUp(asked, contender, settings, observer);
    if (running !== undefined) {
      entrants.push({ contender, running, samples: [] });
    }
    observer.stepped();
  }
  const last = roundsOf(asked, settings.rounds);
  for (let round = 1 - warmUpsOf(asked); round <= last; round++) {
    for (const { contender, running, samples } of rotated(entrants, round)) {
      observer.step(asked, contender.name, round);
      const sample = await inTime(asked, contender, settings, () => running.measure(settings.seconds));
      if (round > 0) {
        samples.push(sample);
      }
      observer.stepped();
    }
  }
}

/**
 * The same, beginning with another one: nobody always has the first place, when the machine has just been at
 * rest.
 */
export function rotated<T>(items: readonly T[], by: number): T[] {
  const first = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

async function setUp(
  asked: Case,
  contender: Contender,
  settings: Settings,
  observer: Observer,
): Promise<Running | undefined> {
  try {
    return await inTime(asked, contender, settings, () => contender.start());
  } catch (error) {
    if (!(error instanceof ContenderError && error.cause instanceof Unavailable)) {
      throw error;
    }
    observer.leftOut(asked, contender.name, error.cause.message);
    return undefined;
  }
}

async function inTime<T>(
  asked: Case,
  contender: Contender,
  { seconds, signal }: Settings,
  step: () => Promise<T>,
): Promise<T> {
  const limit = GRACE_S + PATIENCE * (seconds + (asked.extraSeconds ?? 0));
  signal.throwIfAborted();
  const ended = Promise.withResolvers<never>();
  const interrupt = (): void => ended.reject(signal.reason);
  signal.addEventListener('abort', interrupt);
  const timer = setTimeout(() => ended.reject(new Error(`no answer in ${limit} s`)), 1_000 * limit);
  try {
    return await Promise.race([step(), ended.promise]);
  } catch (cause) {
    if (signal.aborted) {
      throw signal.reason; // whoever else ended, it was because of that
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ContenderError(`${asked.name}, ${contender.name}: ${reason}`, { cause });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}

async function closeInTime(asked: Case, { contender, running }: Entrant): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`still open after ${CLOSE_LIMIT_S} s`)),
    1_000 * CLOSE_LIMIT_S,
  );
  try {
    await Promise.race([running.close(), promise]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ContenderError(`${asked.name}, ${contender.name}, closing: ${reason}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
