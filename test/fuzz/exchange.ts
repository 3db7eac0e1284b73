/** What the thread that shows and the thread that searches say to each other. */

/** Memory of both threads. */
export interface Shared {
  /** 0: not zero asks the search to end. 1: goes up with every run. 2: bytes of the input that runs. */
  readonly counters: Int32Array;
  /** The input that runs, or ran last: the one to blame when nothing more is heard. */
  readonly input: Uint8Array;
}

/** What to search for, and until when. */
export interface Order {
  readonly target: string;
  readonly seed: number;
  /** Executions after which it ends by itself. */
  readonly runs: number;
  /** Whether the corpus is wanted at the end. */
  readonly keep: boolean;
  readonly shared: Shared;
}

/** A kind of failure, with one small input that shows it. */
export interface Failure {
  readonly kind: string;
  readonly input: Uint8Array;
  /** The error with its stack. */
  readonly text: string;
}

/** How far the search has come. */
export interface Progress {
  readonly type: 'progress';
  readonly executions: number;
  readonly corpus: number;
  /** Characters of the target's code that have run, and that there are. */
  readonly coverage: { readonly seen: number; readonly all: number };
  readonly crashes: readonly Failure[];
}

/** The last that is heard. */
export interface Ended {
  readonly type: 'ended';
  /** The fewest inputs that show all that was found. */
  readonly kept: readonly Uint8Array[];
}
