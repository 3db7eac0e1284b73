/**
 * What the threads of a server count, as plain data: each keeps its own numbers, and says them when it is
 * asked.
 */
import type { HubReading } from '../../hub/index.ts';
import type { LinkErrorCode } from '../../link/index.ts';

/** How late an event loop was with what was due, in seconds, since this was last asked. */
export interface LoopDelay {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** What the hub's thread has counted since the server started, and what it holds now. */
export interface HubThreadReading extends HubReading {
  /** Inputs that wait to be executed. */
  readonly waiting: number;
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
  readonly hub: HubThreadReading | undefined;
  /** In their order. */
  readonly gateways: readonly (GatewayReading | undefined)[];
  /** Threads that did not answer in time, by name: what is said of them is older. */
  readonly late: readonly string[];
}
