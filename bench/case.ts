/** What one contender did in one round of a case. */
export interface Sample {
  /** What the case counts, in its unit: operations per second, or bytes per connection. */
  readonly rate: number;
  /** The server's own CPU time (user and system) for one operation, µs; absent where there is no server. */
  readonly serverCpuUs?: number;
  /** How long one operation took for whom it was done, ms: median, 99th and 99.9th percentile. */
  readonly p50Ms?: number | null;
  readonly p99Ms?: number | null;
  readonly p999Ms?: number | null;
}

/** A contender ready to be measured: its processes run and its connections stand. */
export interface Running {
  /** One round of `seconds` seconds; where the amount of work is fixed, the time is as long as it takes. */
  measure(seconds: number): Promise<Sample>;
  /** Ends its processes, and leaves nothing behind. */
  close(): Promise<void>;
}

/** One way of doing what a case measures. */
export interface Contender {
  /** Stable, for scripts: `farthing`, `tls`. */
  readonly name: string;
  /** For people, one line: what exactly runs. */
  readonly detail: string;
  /** Sets it up. Throws {@link Unavailable} where this machine has not got what it takes. */
  start(): Promise<Running>;
}

/** One question that the suite answers. */
export interface Case {
  /** Stable, for scripts and the command line. */
  readonly name: string;
  /** For people: what one operation is, and how many run at a time. */
  readonly title: string;
  /** Of {@link Sample.rate}: `handshakes/s`, `B/connection`. */
  readonly unit: string;
  /** Whether a larger rate is better, or a smaller one. */
  readonly better: 'more' | 'less';
  /** The name of the contender that all others are compared with. */
  readonly reference: string;
  readonly contenders: readonly Contender[];
  /** Fixed rounds, where the question allows no more (memory, growth), or a round is long. */
  readonly rounds?: number;
  /**
   * About how long one round of one contender takes beyond the seconds asked for, s, with what it needs to
   * start.
   */
  readonly extraSeconds?: number;
}

/** What a contender needs is not on this machine: it is left out, and the report says why. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
