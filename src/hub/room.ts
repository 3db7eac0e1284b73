/** Whether the disk of the books has room for more payments and accounts. */
export interface Room {
  readonly mayGrow: boolean;
  /** A commit failed for the disk. Returns what the operator is to be told, if anything. */
  failed(text: string): string | undefined;
  /** A commit that added to the books succeeded. Returns what the operator is to be told, if anything. */
  committed(): string | undefined;
}

/** Books whose room nobody looks after: every failure is told. */
export const UNBOUNDED: Room = { mayGrow: true, failed: (text) => text, committed: () => undefined };
