/** Something that reads bytes of a stranger, with what must hold whatever they are. */
export interface Target {
  readonly name: string;
  /**
   * The files whose coverage is shown, as beginnings of paths below `src`; whatever else runs guides the
   * search too.
   */
  readonly covers: readonly string[];
  /** Inputs are no longer than this. */
  readonly maxLength: number;
  /** Pieces that the mutator puts in. */
  readonly dictionary: readonly Uint8Array[];
  /** Inputs to begin with, beside the kept corpus. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Runs one input. Returns a word for what came of it (of a small number of words: an input with a new one
   * is kept); throws when something does not hold. The same input gives the same, whatever ran before.
   */
  run(input: Uint8Array): string | Promise<string>;
}
