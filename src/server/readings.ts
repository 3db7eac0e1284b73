/** What the threads of a server count, as plain data: each keeps its own numbers, and says them when it is asked. */
import type { LinkErrorCode } from '../link/index.ts';
import type { Method } from '../protocol/index.ts';

/** How many observations fell up to each bound, and their sum. */
export interface Tallied {
  /** Ascending. */
  readonly bounds: readonly number[];
  /** One for each bound, not cumulative, and one more for what is above the last. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** How late an event loop was with what was due, in seconds, since this was last asked. */
export interface LoopDelay {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Answers of one kind since the server started. */
export interface Answered {
  /** `unknown` for every method that the protocol does not have. */
  readonly method: Method | 'unknown';
  /** 100, or the code of an error. */
  readonly code: number;
  readonly count: number;
}

/** What the hub has counted since the server started, and what it holds now. */
export interface HubReading {
  readonly answers: readonly Answered[];
  /** Orders carried out; one that was only repeated is not counted again. */
  readonly payments: number;
  /** Batches whose commit failed: every request in them was refused. */
  readonly failedCommits: number;
  /** Transfers in each commit that had any. */
  readonly commitTransfers: Tallied;
  /** How long each of these commits took, in seconds. */
  readonly commitSeconds: Tallied;
  /** Inputs that wait to be executed. */
  readonly waiting: number;
  /** Registered, without the issuer; undefined while the books cannot be read after a failure of their store. */
  readonly accounts: number | undefined;
  /** Accounts that are logged in. */
  readonly online: number;
  /** Minor units in the hands of people; undefined as `accounts` is. */
  readonly circulation: number | undefined;
  readonly delay: LoopDelay | undefined;
}

/** How a connection's handshake came out: a link, or why not; `dropped` is one of which nothing was read. */
export type HandshakeOutcome = 'ok' | 'dropped' | LinkErrorCode;

/** What one gateway has counted since the server started, and what it holds now. */
export interface GatewayReading {
  /** Links. */
  readonly links: number;
  /** Connections that are no links yet. */
  readonly opening: number;
  readonly handshakes: Readonly<Partial<Record<HandshakeOutcome, number>>>;
  /** Requests that the hub has not answered yet. */
  readonly openRequests: number;
  /** Bytes that have not left for clients yet. */
  readonly queuedBytes: number;
  readonly delay: LoopDelay | undefined;
}

/** The newest that is known of every thread. */
export interface Readings {
  readonly hub: HubReading | undefined;
  /** In their order. */
  readonly gateways: readonly (GatewayReading | undefined)[];
  /** Threads that did not answer in time, by name: what is said of them is older. */
  readonly late: readonly string[];
}
