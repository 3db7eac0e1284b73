import { clearLine, cursorTo } from 'node:readline';
import type { Case } from './case.ts';
import { type Observer, roundsOf, warmUpsOf } from './rounds.ts';

/** Milliseconds between two looks at the clock. */
const REFRESH_MS = 500;
/** Of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 80;
/** Seconds that the plan is trusted for before what really passed outweighs it. */
const TRUST_S = 10;

/** How long a run takes: what was planned, corrected by how what is over compares with its plan. */
export class Plan {
  readonly #total: number;
  #done = 0;
  #spent = 0;

  /** @param total seconds planned for everything */
  constructor(total: number) {
    this.#total = total;
  }

  /** A part that was planned to take so many seconds took so many. */
  passed(planned: number, took: number): void {
    this.#done += planned;
    this.#spent += took;
  }

  /** Seconds left, `running` of which belong to what is running now. */
  left(running = 0): number {
    const pace = (TRUST_S + this.#spent) / (TRUST_S + this.#done);
    return Math.max(0, (this.#total - this.#done) * pace - running);
  }
}

/** Seconds that no round is planned to take less than. */
const SHORTEST_S = 0.05;

/** Seconds that one round of one contender of that case is planned to take. */
function roundSeconds(asked: Case, seconds: number): number {
  return Math.max(SHORTEST_S, seconds + (asked.extraSeconds ?? 0));
}

/** Seconds planned for the cases. */
export function plannedSeconds(cases: readonly Case[], rounds: number, seconds: number): number {
  return cases.reduce((sum, asked) => {
    const steps = asked.contenders.length * (warmUpsOf(asked) + roundsOf(asked, rounds));
    return sum + steps * roundSeconds(asked, seconds);
  }, 0);
}

/** `12 s`, `3 min 05 s`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/**
 * Tells on standard error where the run is: on a terminal in one line that changes, elsewhere in one line for
 * each case.
 */
export class Progress implements Observer {
  readonly #cases: readonly Case[];
  readonly #rounds: number;
  readonly #seconds: number;
  readonly #plan: Plan;
  readonly #stream: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout | undefined;
  #asked: Case | undefined;
  #text = '';
  #round: number | undefined;
  #since = performance.now();

  constructor(cases: readonly Case[], rounds: number, seconds: number, stream = process.stderr) {
    this.#cases = cases;
    this.#rounds = rounds;
    this.#seconds = seconds;
    this.#plan = new Plan(plannedSeconds(cases, rounds, seconds));
    this.#stream = stream;
    if (stream.isTTY) {
      this.#timer = setInterval(() => this.#show(), REFRESH_MS).unref();
    }
  }

  step(asked: Case, contender: string, round?: number): void {
    const place = `${this.#cases.indexOf(asked) + 1}/${this.#cases.length} ${asked.name}`;
    this.#since = performance.now();
    this.#round = round;
    this.#text = `${place}  ${contender}  ${stage(round, roundsOf(asked, this.#rounds))}`;
    if (this.#asked !== asked && !this.#stream.isTTY) {
      this.#stream.write(`${place}, ${duration(this.#plan.left())} left\n`);
    }
    this.#asked = asked;
    this.#show();
  }

  /** The plan counts setting up as part of the rounds. */
  stepped(): void {
    const planned =
      this.#asked === undefined || this.#round === undefined ? 0 : roundSeconds(this.#asked, this.#seconds);
    this.#plan.passed(planned, this.#running());
  }

  leftOut(asked: Case, contender: string, reason: string): void {
    this.#plan.passed(
      plannedSeconds([{ ...asked, contenders: asked.contenders.slice(0, 1) }], this.#rounds, this.#seconds),
      0,
    );
    this.clear();
    this.#stream.write(`${asked.name}: without ${contender}: ${reason}\n`);
  }

  /** Takes the line away. */
  clear(): void {
    if (!this.#stream.isTTY) {
      return;
    }
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 1);
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #running(): number {
    return (performance.now() - this.#since) / 1_000;
  }

  #show(): void {
    if (!this.#stream.isTTY) {
      return;
    }
    this.clear();
    const line = `${this.#text}  ${duration(this.#plan.left(this.#running()))} left`;
    this.#stream.write(line.slice(0, (this.#stream.columns || DEFAULT_COLUMNS) - 1));
  }
}

function stage(round: number | undefined, rounds: number): string {
  if (round === undefined) {
    return 'starts';
  }
  return round === 0 ? 'warms up' : `round ${round} of ${rounds}`;
}
