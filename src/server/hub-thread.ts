/** The hub's thread: takes what the gateways post, has the hub execute it, and posts what comes out. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import {
  type AuditReport,
  Ledger,
  type LedgerSettings,
  openSqlite,
  StoreError,
  type StoreErrorCode,
} from '../ledger/index.ts';
import type { UnnumberedEvent } from './events.ts';
import type { HubInput } from './exchange.ts';
import { Hub } from './hub.ts';
import { MAX_BATCH } from './limits.ts';
import { type Parcel, packParcel } from './parcel.ts';

/** What the thread is started with. */
export interface HubThreadData {
  /** Path of the ledger's file. */
  readonly ledger: string;
  readonly settings: LedgerSettings;
  /** One for each gateway, in their order. */
  readonly gateways: readonly MessagePort[];
  readonly noRates: boolean;
  readonly events: boolean;
}

/** What the main thread asks of it. `stop` comes when the gateways have posted their last. */
export type HubThreadOrder = { readonly type: 'audit'; readonly ticket: number } | { readonly type: 'stop' };

/** What it tells the main thread. `ready` or `failed` comes first. */
export type HubThreadReport =
  | { readonly type: 'ready'; readonly accounts: number }
  | { readonly type: 'failed'; readonly code: StoreErrorCode; readonly text: string }
  | { readonly type: 'events'; readonly events: readonly UnnumberedEvent[] }
  | { readonly type: 'audited'; readonly ticket: number; readonly report: AuditReport }
  | { readonly type: 'not audited'; readonly ticket: number; readonly text: string };

const { ledger: path, settings, gateways, noRates, events } = workerData as HubThreadData;

/** The tasks that use the ledger, one after another. What fails in one without being caught ends the thread. */
let tasks: Promise<void> = Promise.resolve();
let waiting: HubInput[] = [];
let turnDue = false;

function report(what: HubThreadReport): void {
  parentPort?.postMessage(what);
}

async function openLedger(): Promise<Ledger | undefined> {
  try {
    const store = openSqlite(path);
    try {
      return await Ledger.open(store, settings);
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    report({ type: 'failed', code: error.code, text: error.message });
    return undefined;
  }
}

function take(inputs: readonly HubInput[]): void {
  for (const input of inputs) waiting.push(input);
}

/** Everything that came in during this turn of the event loop is in `waiting` by the time its last phase runs. */
function turnSoon(hub: Hub): void {
  if (turnDue) return;
  turnDue = true;
  setImmediate(() => {
    turnDue = false;
    tasks = tasks.then(() => turn(hub));
  });
}

async function turn(hub: Hub): Promise<void> {
  const batch = waiting.slice(0, MAX_BATCH);
  waiting = waiting.slice(MAX_BATCH);
  if (waiting.length > 0) turnSoon(hub);
  if (batch.length === 0) return;
  const result = await hub.execute(batch, Date.now());
  for (const [index, outputs] of result.outputs.entries()) {
    if (outputs.length > 0) send(gateways[index], packParcel(outputs));
  }
  if (result.events.length > 0) report({ type: 'events', events: result.events });
}

function send(gateway: MessagePort | undefined, parcel: Parcel): void {
  gateway?.postMessage(parcel, [parcel.entries.buffer, parcel.bytes.buffer]);
}

async function audit(ledger: Ledger, ticket: number): Promise<void> {
  try {
    report({ type: 'audited', ticket, report: await ledger.audit() });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    report({ type: 'not audited', ticket, text: error.message });
  }
}

/** Executes what the gateways posted before they stopped, then lets go of the ledger. */
async function stop(hub: Hub, ledger: Ledger): Promise<void> {
  for (const port of gateways) {
    for (let posted = receiveMessageOnPort(port); posted !== undefined; posted = receiveMessageOnPort(port)) {
      take(posted.message as readonly HubInput[]);
    }
  }
  while (waiting.length > 0) await turn(hub);
  await ledger.close();
  for (const port of gateways) port.close();
  parentPort?.close();
}

const ledger = await openLedger();
if (ledger !== undefined) {
  const hub = new Hub({ ledger, gateways: gateways.length, noRates, events });
  for (const port of gateways) {
    port.on('message', (inputs: readonly HubInput[]) => {
      take(inputs);
      turnSoon(hub);
    });
  }
  parentPort?.on('message', (order: HubThreadOrder) => {
    tasks = tasks.then(() => (order.type === 'stop' ? stop(hub, ledger) : audit(ledger, order.ticket)));
  });
  report({ type: 'ready', accounts: ledger.accounts });
}
