/** What a gateway's thread is started with, and what it and the main thread say to each other. */
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

/** What the main thread asks of it. `stop`: to answer what it has taken, to close its links and to end. */
export type GatewayThreadOrder = { readonly type: 'read' } | { readonly type: 'stop' };

/** What it tells the main thread. `listening` or `failed` comes first, once. */
export type GatewayThreadReport =
  | {
      readonly type: 'listening';
      readonly host: string;
      readonly port: number;
      /** False where the system does not let several listen on one port. */
      readonly shared: boolean;
    }
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'reading'; readonly reading: GatewayReading };
