/**
 * What a gateway's thread is started with, and what it and the main thread say to each other. With the hub it
 * speaks over a port of its own: it posts arrays of `HubInput`, and is posted `PackedOutputs`.
 */
import type { MessagePort } from 'node:worker_threads';
import type { KeyPair, Suite } from '../../link/index.ts';
import type { GatewayReading } from '../metrics/readings.ts';
import type { SharedCounts } from './shared-counts.ts';

/** What the thread is started with. */
export interface GatewayThreadData {
  /** From 0. */
  readonly gateway: number;
  readonly host: string | undefined;
  readonly port: number;
  /** Whether other gateways are to listen on the same port. */
  readonly shared: boolean;
  readonly staticKeys: KeyPair;
  readonly agent: string;
  readonly suites: readonly Suite[];
  readonly backend: 'noble' | 'native';
  readonly hub: MessagePort;
  readonly counts: SharedCounts;
  readonly events: boolean;
  /** Whether the delay of its event loop is watched. */
  readonly metrics: boolean;
}

/**
 * From the main thread to a gateway's. `stop`: to answer what it has taken, to close its links and to end.
 */
export type ToGatewayThread = { readonly type: 'read' } | { readonly type: 'stop' };

/** From a gateway's thread to the main thread. `listening` or `failed` comes first, once. */
export type FromGatewayThread =
  | {
      readonly type: 'listening';
      readonly host: string;
      readonly port: number;
      /** False where the system does not let several listen on one port. */
      readonly shared: boolean;
    }
  /** The system's code of why it cannot listen, such as EADDRINUSE. */
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'reading'; readonly reading: GatewayReading };
