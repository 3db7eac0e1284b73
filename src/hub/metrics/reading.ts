import type { Method } from '../../protocol/index.ts';
import type { HistogramReading } from './histogram.ts';

/** Answers of one kind since the server started. */
export interface AnswerCount {
  /** `unknown` for every method that the protocol does not have. */
  readonly method: Method | 'unknown';
  /** 100, or the code of an error. */
  readonly code: number;
  readonly count: number;
}

/** What the hub has counted since the server started, and what it holds now. */
export interface HubReading {
  readonly answers: readonly AnswerCount[];
  /** Orders carried out; one that was only repeated is not counted again. */
  readonly payments: number;
  /** Batches whose commit failed: every request in them was refused. */
  readonly failedCommits: number;
  /** Transfers in each commit that had any. */
  readonly commitTransfers: HistogramReading;
  /** How long each of these commits took, in seconds. */
  readonly commitSeconds: HistogramReading;
  /**
   * Registered, without the issuer; undefined while the books cannot be read after a failure of their store.
   */
  readonly accounts: number | undefined;
  /** Accounts that are logged in. */
  readonly online: number;
  /** Minor units in the hands of people; undefined as `accounts` is. */
  readonly circulation: number | undefined;
}
