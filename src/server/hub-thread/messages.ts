/** What the hub's thread is started with, and what it and the main thread say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { AccountReport, Holdings, Operate, Operated, UnnumberedEvent } from '../../hub/index.ts';
import type { AuditReport, LedgerSettings, StoreErrorCode } from '../../ledger/index.ts';
import type { HubThreadReading } from '../metrics/readings.ts';

/** What the thread is started with. */
export interface HubThreadData {
  /** Path of the ledger's file. */
  readonly ledger: string;
  readonly settings: LedgerSettings;
  /** One for each gateway, in their order. */
  readonly gateways: readonly MessagePort[];
  readonly noRates: boolean;
  /** Bytes that must be free on the disk of the ledger; undefined: what is usual. */
  readonly minFree: number | undefined;
  readonly events: boolean;
  /** Whether the delay of its event loop is watched. */
  readonly metrics: boolean;
}

/** What the main thread asks of it. `stop` comes when the gateways have posted their last. */
export type HubThreadOrder =
  | { readonly type: 'audit'; readonly ticket: number }
  | { readonly type: 'read' }
  | Operate
  | Inquiry
  | Renewal
  | { readonly type: 'stop' };

/** A gateway's thread has ended on an error, and another takes its place. */
export interface Renewal {
  readonly type: 'renew';
  readonly gateway: number;
  /** The last link that can have been the old one's. */
  readonly lastConn: number;
  /** To the new one. */
  readonly port: MessagePort;
}

/** What is asked between batches: what the books hold, who is online, or one account. */
export interface Inquiry {
  readonly type: 'inquire';
  readonly ticket: number;
  readonly about: 'holdings' | 'online' | { readonly account: string };
}

/** One of them. An account that does not exist is null; `failed`: the books cannot be read. */
export interface InquiryAnswer {
  readonly holdings?: Holdings;
  readonly online?: readonly string[];
  readonly account?: AccountReport | null;
  readonly failed?: string;
}

/** What came of an audit, or why it could not be done. */
export type AuditOutcome = { readonly report: AuditReport } | { readonly failed: string };

/** What it tells the main thread. `ready` or `failed` comes first. */
export type HubThreadReport =
  | { readonly type: 'ready'; readonly accounts: number }
  | { readonly type: 'failed'; readonly code: StoreErrorCode; readonly text: string }
  | { readonly type: 'events'; readonly events: readonly UnnumberedEvent[] }
  | { readonly type: 'reading'; readonly reading: HubThreadReading }
  | { readonly type: 'operated'; readonly operated: readonly Operated[] }
  | { readonly type: 'inquired'; readonly ticket: number; readonly answer: InquiryAnswer }
  | { readonly type: 'audited'; readonly ticket: number; readonly outcome: AuditOutcome };
