import type { Coverage } from './coverage.ts';
import { Mutator } from './mutator.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

/** Inputs that run before the coverage is asked for: asking then takes a small part of the time. */
const BATCH = 512;

/** Different words from a target that count; one that makes up words would else fill the corpus. */
const MOST_OUTCOMES = 1_000;

/** Runs that are spent on making one failing input smaller. */
const MINIMISING_RUNS = 2_000;

const NOTHING = new Uint8Array(0);

/** An input that made a target throw. */
export interface Crash {
  readonly input: Uint8Array;
  readonly error: unknown;
  /** The same for failures of the same kind. */
  readonly kind: string;
}

/**
 * A search for inputs that run new code of a target, or break it. The same seed and corpus make the same
 * search.
 */
export class Fuzzer {
  readonly target: Target;
  readonly corpus: Uint8Array[] = [];
  /** The first input of each kind of failure, made small. */
  readonly crashes = new Map<string, Crash>();
  executions = 0;
  readonly #coverage: Coverage;
  readonly #random: Random;
  readonly #mutator: Mutator;
  readonly #outcomes = new Set<string>();
  readonly #before: (input: Uint8Array) => void;

  /** `before` sees each input before it runs, so that somebody knows which one never came back. */
  constructor(
    target: Target,
    coverage: Coverage,
    seed: number,
    before: (input: Uint8Array) => void = () => {},
  ) {
    this.target = target;
    this.#coverage = coverage;
    this.#random = new Random(seed);
    this.#mutator = new Mutator(this.#random, target.dictionary, target.maxLength);
    this.#before = before;
  }

  /** Runs inputs as they are, and takes those into the corpus that show something new. */
  async add(inputs: readonly Uint8Array[]): Promise<void> {
    for (const input of inputs) {
      await this.#measure(input, this.corpus);
    }
  }

  /** Runs one batch of changed inputs. */
  async step(): Promise<void> {
    const batch: Uint8Array[] = [];
    for (let i = 0; i < BATCH; i++) {
      const input = this.#mutator.mutate(this.#choose(), this.#choose());
      if (await this.#run(input)) {
        this.corpus.push(input);
      }
      batch.push(input);
    }
    const news = this.#coverage.take();
    if (news.length === 0) {
      return;
    }
    await this.#search(batch);
    // What a second run of the same inputs did not show belongs to no one input.
    this.#coverage.add(news);
  }

  /** The fewest inputs of the corpus that show all that it shows, the short ones first. */
  async distil(): Promise<Uint8Array[]> {
    const kept: Uint8Array[] = [];
    this.#coverage.reset();
    this.#outcomes.clear();
    for (const input of this.corpus.toSorted((a, b) => a.length - b.length)) {
      await this.#measure(input, kept);
    }
    return kept;
  }

  /** Finds, by halves, the inputs that run new code. */
  async #search(inputs: readonly Uint8Array[]): Promise<void> {
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined) {
      return this.#measure(only, this.corpus);
    }
    const middle = inputs.length >>> 1;
    for (const half of [inputs.slice(0, middle), inputs.slice(middle)]) {
      for (const input of half) {
        await this.#run(input);
      }
      if (this.#coverage.take().length > 0) {
        await this.#search(half);
      }
    }
  }

  async #measure(input: Uint8Array, kept: Uint8Array[]): Promise<void> {
    const isNewOutcome = await this.#run(input);
    const news = this.#coverage.take();
    this.#coverage.add(news);
    if (isNewOutcome || news.length > 0) {
      kept.push(input);
    }
  }

  /** Half of the time one of the latest: what is new has been tried least. */
  #choose(): Uint8Array {
    const { corpus } = this;
    if (corpus.length === 0) {
      return NOTHING;
    }
    const isLatest = this.#random.below(2) === 0;
    const from = isLatest ? Math.floor((corpus.length * 3) / 4) : 0;
    return corpus[from + this.#random.below(corpus.length - from)] ?? NOTHING;
  }

  /** True when what came of it never had. */
  async #run(input: Uint8Array): Promise<boolean> {
    this.executions++;
    this.#before(input);
    let outcome: string;
    try {
      const result = this.target.run(input);
      outcome = typeof result === 'string' ? result : await result;
    } catch (error) {
      await this.#crashed(input, error);
      return false;
    }
    if (this.#outcomes.has(outcome) || this.#outcomes.size >= MOST_OUTCOMES) {
      return false;
    }
    this.#outcomes.add(outcome);
    return true;
  }

  async #crashed(input: Uint8Array, error: unknown): Promise<void> {
    const kind = kindOf(error);
    if (this.crashes.has(kind)) {
      return;
    }
    this.crashes.set(kind, { kind, error, input: input.slice() });
    const small = await minimise(input, (shorter) => this.#failsAs(shorter, kind));
    this.crashes.set(kind, { kind, error, input: small });
  }

  async #failsAs(input: Uint8Array, kind: string): Promise<boolean> {
    this.#before(input);
    try {
      await this.target.run(input);
      return false;
    } catch (error) {
      return kindOf(error) === kind;
    }
  }
}

/** Two failures are of one kind when they are thrown from the same line. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const frames =
    error.stack?.split('\n').filter((line) => /^ +at .*file:(?!.*node_modules)/.test(line)) ?? [];
  return `${error.name} ${frames[0]?.trim() ?? error.message}`;
}

/**
 * Makes a failing input smaller: pieces are left out, the large ones first, then bytes made zero, as long as
 * it still fails.
 */
export async function minimise(
  input: Uint8Array,
  fails: (shorter: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best: Uint8Array = input.slice();
  let runs = 0;
  const attempt = async (candidate: Uint8Array): Promise<boolean> => {
    if (runs++ >= MINIMISING_RUNS || !(await fails(candidate))) {
      return false;
    }
    best = candidate;
    return true;
  };
  for (let size = best.length; size > 0; size >>>= 1) {
    for (let at = 0; at < best.length; ) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if (!(await attempt(new Uint8Array(shorter)))) {
        at += size;
      }
    }
  }
  for (let at = 0; at < best.length; at++) {
    if (best[at] !== 0) {
      await attempt(best.with(at, 0));
    }
  }
  return best;
}
