/** The hub's thread: takes what the gateways post, has the hub execute it, and posts what comes out. */
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { HubInput, HubOutput, Operate } from '../../hub/index.ts';
import { Hub } from '../../hub/index.ts';
import { Ledger, openSqlite, StoreError } from '../../ledger/index.ts';
import { FREE_SPACE_CHECK_MS, MAX_BATCH } from '../limits.ts';
import { LoopDelayMonitor } from '../metrics/loop-delay.ts';
import { DiskSpace } from './disk-space.ts';
import type {
  HubThreadData,
  HubThreadOrder,
  HubThreadReport,
  Inquiry,
  InquiryAnswer,
  Renewal,
} from './messages.ts';
import { packOutputs } from './packed-outputs.ts';

const { ledger: path, settings, noRates, minFree, events, metrics } = workerData as HubThreadData;

const gateways = [...(workerData as HubThreadData).gateways];

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
    if (outputs.length > 0) send(gateways[index], outputs);
  }
  if (result.events.length > 0) report({ type: 'events', events: result.events });
  if (result.operated.length > 0) report({ type: 'operated', operated: result.operated });
}

function send(gateway: MessagePort | undefined, outputs: readonly HubOutput[]): void {
  const packed = packOutputs(outputs);
  gateway?.postMessage(packed, [packed.entries.buffer, packed.bytes.buffer]);
}

async function audit(ledger: Ledger, ticket: number): Promise<void> {
  try {
    report({ type: 'audited', ticket, outcome: { report: await ledger.audit() } });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    report({ type: 'audited', ticket, outcome: { failed: error.message } });
  }
}

function read(hub: Hub): void {
  report({
    type: 'reading',
    reading: { ...hub.reading(), waiting: waiting.length, delay: delayMonitor?.reading() },
  });
}

function inquire(hub: Hub, { ticket, about }: Inquiry): void {
  report({ type: 'inquired', ticket, answer: inquiryAnswer(hub, about) });
}

function inquiryAnswer(hub: Hub, about: Inquiry['about']): InquiryAnswer {
  try {
    if (about === 'holdings') return { holdings: hub.holdings() };
    if (about === 'online') return { online: hub.onlineNames };
    return { account: hub.account(about.account) ?? null };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { failed: error.message };
  }
}

async function carryOut(
  order: Exclude<HubThreadOrder, Operate | Renewal>,
  hub: Hub,
  ledger: Ledger,
): Promise<void> {
  if (order.type === 'stop') await stop(hub, ledger);
  else if (order.type === 'audit') await audit(ledger, order.ticket);
  else if (order.type === 'inquire') inquire(hub, order);
  else read(hub);
}

/** Takes what has been posted and not been heard. */
function drain(port: MessagePort): void {
  for (let posted = receiveMessageOnPort(port); posted !== undefined; posted = receiveMessageOnPort(port)) {
    take(posted.message as readonly HubInput[]);
  }
}

function hear(port: MessagePort, hub: Hub): void {
  port.on('message', (inputs: readonly HubInput[]) => {
    take(inputs);
    turnSoon(hub);
  });
}

/** What the old gateway had posted is still executed; then its links are gone. */
function renew({ gateway, lastConn, port }: Renewal, hub: Hub): void {
  const old = gateways[gateway];
  if (old !== undefined) {
    drain(old);
    old.close();
  }
  gateways[gateway] = port;
  hear(port, hub);
  take([{ type: 'renewed', gateway, lastConn }]);
  turnSoon(hub);
}

/** Executes what the gateways posted before they stopped, then lets go of the ledger. */
async function stop(hub: Hub, ledger: Ledger): Promise<void> {
  for (const port of gateways) drain(port);
  while (waiting.length > 0) await turn(hub);
  await ledger.close();
  for (const port of gateways) port.close();
  parentPort?.close();
}

const delayMonitor = metrics ? new LoopDelayMonitor() : undefined;
const ledger = await openLedger();
if (ledger !== undefined) {
  const space = new DiskSpace(dirname(realpathSync(path)), minFree);
  const hub = new Hub({
    ledger,
    gateways: gateways.length,
    noRates,
    events,
    space,
    clock: () => performance.now(),
  });
  for (const port of gateways) hear(port, hub);
  parentPort?.on('message', (order: HubThreadOrder) => {
    if (order.type === 'operate') {
      // Among the requests that came before and after it, and committed with them.
      take([order]);
      turnSoon(hub);
      return;
    }
    if (order.type === 'renew') {
      renew(order, hub);
      return;
    }
    tasks = tasks.then(() => carryOut(order, hub, ledger));
  });
  report({ type: 'ready', accounts: ledger.accounts });
  const look = (): void => {
    const text = space.check();
    if (text !== undefined) report({ type: 'events', events: [{ event: 'warning', text }] });
  };
  look();
  setInterval(look, FREE_SPACE_CHECK_MS).unref();
}
