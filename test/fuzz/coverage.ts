import { type Profiler, Session } from 'node:inspector';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = `${pathToFileURL(join(import.meta.dirname, '../..')).href}/`;

/** What guides the search: our own code, and the decoder behind the gate. */
const WATCHED = [`${ROOT}src/`, `${ROOT}node_modules/msgpackr/`];

/** One function: which characters of its text have run. A function within it has a row of its own. */
interface Row {
  readonly file: string;
  readonly start: number;
  readonly seen: Uint8Array;
  /** How many have not. */
  left: number;
}

/** Characters that have run for the first time. */
type News = { readonly row: Row; readonly at: number }[];

/**
 * What code has run, by V8's precise block coverage. To ask costs about a millisecond, however many inputs
 * ran since, so that a search asks once for many. Start it before the modules to be watched are loaded: what
 * was compiled before has no counters in it. There is one count for the whole thread, so that two of these
 * would take from each other.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #rows = new Map<string, Row>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What has run since the last call and is not counted yet: {@link add} counts it. */
  take(): News {
    const news: News = [];
    for (const script of this.#read()) {
      if (!WATCHED.some((prefix) => script.url.startsWith(prefix))) {
        continue;
      }
      for (const one of script.functions) {
        this.#compare(script.url, one, news);
      }
    }
    return news;
  }

  /** Counts what `take` has told. */
  add(news: News): void {
    for (const { row, at } of news) {
      if (row.seen[at] === 0) {
        row.left--;
      }
      row.seen[at] = 1;
    }
  }

  /** Forgets what has run, not what there is. */
  reset(): void {
    this.#read();
    for (const row of this.#rows.values()) {
      row.seen.fill(0);
      row.left = row.seen.length;
    }
  }

  /**
   * Characters of code below `src` that have run and that there are, in files whose path begins with one of
   * `prefixes`.
   */
  count(prefixes: readonly string[]): { seen: number; all: number } {
    let seen = 0;
    let all = 0;
    for (const row of this.#rows.values()) {
      if (!prefixes.some((prefix) => row.file.startsWith(`${ROOT}src/${prefix}`))) {
        continue;
      }
      all += row.seen.length;
      for (const flag of row.seen) {
        seen += flag;
      }
    }
    return { seen, all };
  }

  /** Counts since the last call; on the same thread the answer comes before `post` returns. */
  #read(): readonly Profiler.ScriptCoverage[] {
    let result: readonly Profiler.ScriptCoverage[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error !== null) {
        throw error;
      }
      result = answer.result;
    });
    return result;
  }

  #compare(file: string, one: Profiler.FunctionCoverage, news: News): void {
    const whole = one.ranges[0];
    if (whole === undefined) {
      return;
    }
    const { startOffset: start, endOffset: end, count } = whole;
    const key = `${file}:${start}:${end}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { file, start, seen: new Uint8Array(end - start), left: end - start };
      this.#rows.set(key, row);
    }
    if (count === 0 || row.left === 0) {
      return;
    }
    const ran = paint(row, one.ranges);
    for (let at = 0; at < ran.length; at++) {
      if (ran[at] === 1 && row.seen[at] === 0) {
        news.push({ row, at });
      }
    }
  }
}

/** Ranges come outer before inner, and an inner one holds for its text instead of the outer. */
function paint(row: Row, ranges: readonly Profiler.CoverageRange[]): Uint8Array {
  const ran = new Uint8Array(row.seen.length);
  for (const { startOffset, endOffset, count } of ranges) {
    ran.fill(count > 0 ? 1 : 0, startOffset - row.start, endOffset - row.start);
  }
  return ran;
}
