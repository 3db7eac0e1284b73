/** The hub's thread: takes what the gateways post, has the hub execute it, and posts what comes out. */
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { HubInput, HubOutput, Operate } from '../../hub/index.ts';
import { Hub } from '../../hub/index.ts';
import { ArchiveError, Ledger, StoreError, sqliteArchive } from '../../ledger/index.ts';
import { FREE_SPACE_CHECK_MS, MAX_BATCH } from '../limits.ts';
import { LoopDelayMonitor } from '../metrics/loop-delay.ts';
import { DiskSpace } from './disk-space.ts';
import type {
  FromHubThread,
  HubThreadData,
  Inquiry,
  InquiryAnswer,
  RenewGateway,
  ToHubThread,
} from './messages.ts';
import { packOutputs } from './packed-outputs.ts';

const { ledger: path, settings, noRates, minFree, events, metrics } = workerData as HubThreadData;

const gateways = [...(workerData as HubThreadData).gateways];

/**
 * The tasks that use the ledger, one after another. What fails in one without being caught ends the thread.
 */
let tasks: Promise<void> = Promise.resolve();
let waiting: HubInput[] = [];
let turnDue = false;

function report(message: FromHubThread): void {
  parentPort?.postMessage(message);
}

async function openLedger(): Promise<Ledger | undefined> {
  try {
    const store = await sqliteArchive(path).open();
    try {
      return await Ledger.open(store, settings);
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof ArchiveError)) {
      throw error;
    }
    report({ type: 'failed', code: error.code, text: error.message });
    return undefined;
  }
}

function take(inputs: readonly HubInput[]): void {
  for (const input of inputs) {
    waiting.push(input);
  }
}

/**
 * Everything that came in during this turn of the event loop is in `waiting` by the time its last phase runs.
 */
function turnSoon(hub: Hub): void {
  if (turnDue) {
    return;
  }
  turnDue = true;
  setImmediate(() => {
    turnDue = false;
    tasks = tasks.then(() => turn(hub));
  });
}

async function turn(hub: Hub): Promise<void> {
  const batch = waiting.slice(0, MAX_BATCH);
  waiting = waiting.slice(MAX_BATCH);
  if (waiting.length > 0) {
    turnSoon(hub);
  }
  if (batch.length === 0) {
    return;
  }
  const result = await hub.execute(batch, Date.now());
  for (const [index, outputs] of result.outputs.entries()) {
    if (outputs.length > 0) {
      send(gateways[index], outputs);
    }
  }
  if (result.events.length > 0) {
    report({ type: 'events', events: result.events });
  }
  if (result.operated.length > 0) {
    report({ type: 'operated', operated: result.operated });
  }
}

function send(gateway: MessagePort | undefined, outputs: readonly HubOutput[]): void {
  const packed = packOutputs(outputs);
  gateway?.postMessage(packed, [packed.entries.buffer, packed.bytes.buffer]);
}

function read(hub: Hub): void {
  report({
    type: 'reading',
    reading: { ...hub.reading(), waiting: waiting.length, delay: delayMonitor?.reading() },
  });
}

async function inquire(ticket: number, inquiry: Inquiry, hub: Hub, ledger: Ledger): Promise<void> {
  try {
    report({ type: 'answered', ticket, answer: await answerTo(inquiry, hub, ledger) });
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof ArchiveError)) {
      throw error;
    }
    report({ type: 'unanswered', ticket, text: error.message });
  }
}

async function answerTo(inquiry: Inquiry, hub: Hub, ledger: Ledger): Promise<InquiryAnswer> {
  switch (inquiry.about) {
    case 'holdings':
      return { about: 'holdings', value: hub.holdings() };
    case 'online':
      return { about: 'online', value: hub.onlineNames };
    case 'account':
      return { about: 'account', value: hub.account(inquiry.name) ?? null };
    case 'audit':
      return { about: 'audit', value: await ledger.audit() };
  }
}

/** What waits for its turn among the batches. */
async function carryOut(
  message: Exclude<ToHubThread, Operate | RenewGateway>,
  hub: Hub,
  ledger: Ledger,
): Promise<void> {
  switch (message.type) {
    case 'inquire':
      return inquire(message.ticket, message.inquiry, hub, ledger);
    case 'read':
      return read(hub);
    case 'stop':
      return stop(hub, ledger);
  }
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
function renew({ gateway, lastConn, port }: RenewGateway, hub: Hub): void {
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
  for (const port of gateways) {
    drain(port);
  }
  while (waiting.length > 0) {
    await turn(hub);
  }
  await ledger.close();
  for (const port of gateways) {
    port.close();
  }
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
  for (const port of gateways) {
    hear(port, hub);
  }
  parentPort?.on('message', (message: ToHubThread) => {
    if (message.type === 'operate') {
      // Among the requests that came before and after it, and committed with them.
      take([message]);
      turnSoon(hub);
    } else if (message.type === 'renew') {
      renew(message, hub);
    } else {
      tasks = tasks.then(() => carryOut(message, hub, ledger));
    }
  });
  report({ type: 'ready', accounts: ledger.accounts });
  const look = (): void => {
    const text = space.check();
    if (text !== undefined) {
      report({ type: 'events', events: [{ event: 'warning', text }] });
    }
  };
  look();
  setInterval(look, FREE_SPACE_CHECK_MS).unref();
}
