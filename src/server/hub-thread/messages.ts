/**
 * What the hub's thread is started with, and what it and the main thread say to each other. With the gateways
 * it speaks over ports of their own: they post arrays of `HubInput`, it posts `PackedOutputs`.
 */
import type { MessagePort } from 'node:worker_threads';
import type { AccountReport, Holdings, Operate, Operated, UnnumberedEvent } from '../../hub/index.ts';
import type { ArchiveErrorCode, AuditReport, LedgerSettings, StoreErrorCode } from '../../ledger/index.ts';
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

/** From the main thread to the hub's. `stop` comes when the gateways have posted their last. */
export type ToHubThread =
  | Operate
  | { readonly type: 'inquire'; readonly ticket: number; readonly inquiry: Inquiry }
  | { readonly type: 'read' }
  | RenewGateway
  | { readonly type: 'stop' };

/** A gateway's thread has ended on an error, and another takes its place. */
export interface RenewGateway {
  readonly type: 'renew';
  readonly gateway: number;
  /** The last link that can have been the old one's. */
  readonly lastConn: number;
  /** To the new one. */
  readonly port: MessagePort;
}

/** From the hub's thread to the main thread. `ready` or `failed` comes first, once. */
export type FromHubThread =
  | { readonly type: 'ready'; readonly accounts: number }
  | { readonly type: 'failed'; readonly code: StoreErrorCode | ArchiveErrorCode; readonly text: string }
  | { readonly type: 'events'; readonly events: readonly UnnumberedEvent[] }
  | { readonly type: 'operated'; readonly operated: readonly Operated[] }
  | { readonly type: 'answered'; readonly ticket: number; readonly answer: InquiryAnswer }
  /** An inquiry to which the books could not be read. */
  | { readonly type: 'unanswered'; readonly ticket: number; readonly text: string }
  | { readonly type: 'reading'; readonly reading: HubThreadReading };

/** What is asked between batches. */
export type Inquiry =
  | { readonly about: 'holdings' }
  | { readonly about: 'online' }
  | { readonly about: 'audit' }
  | { readonly about: 'account'; readonly name: string };

/** By what an inquiry is about, what answers it. */
export interface InquiryAnswers {
  readonly holdings: Holdings;
  /** Names, sorted. */
  readonly online: readonly string[];
  /** Null: there is none of that name. */
  readonly account: AccountReport | null;
  readonly audit: AuditReport;
}

/** An answer, with what it is about. */
export type InquiryAnswer = {
  [About in keyof InquiryAnswers]: { readonly about: About; readonly value: InquiryAnswers[About] };
}[keyof InquiryAnswers];
