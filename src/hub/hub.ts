import { type Ledger, StoreError } from '../ledger/index.ts';
import type { Effect } from './effects.ts';
import type { UnnumberedEvent } from './events.ts';
import type { HubInput } from './inputs.ts';
import { eventsOf } from './log.ts';
import { HubCounters } from './metrics/counters.ts';
import type { HubReading } from './metrics/reading.ts';
import { outputsOf } from './outbox.ts';
import type { HubOutput } from './outputs.ts';
import { Clients } from './presence/clients.ts';
import { Presence } from './presence/presence.ts';
import { Quotas } from './quotas.ts';
import { type AccountReport, accountReport, type Holdings, type Operated } from './reports.ts';
import { type Space, UNWATCHED } from './space.ts';
import { readDeferred } from './turn/deferred.ts';
import { type Failure, failureOf } from './turn/failure.ts';
import { ordersIn } from './turn/prefetch.ts';
import { takeInputs } from './turn/take-inputs.ts';
import type { Turn } from './turn/turn.ts';

export interface HubSettings {
  readonly ledger: Ledger;
  /** How many gateways there are: links name one from 0 to this less 1. */
  readonly gateways: number;
  /** Lifts the rates of accounts and of registrations. */
  readonly noRates: boolean;
  /** Whether to make events. */
  readonly events: boolean;
  /** Whether the disk has space for more. Default: it has. */
  readonly space?: Space | undefined;
  /** ms of any steady clock, to say how long commits take. Default: they take no time. */
  readonly clock?: (() => number) | undefined;
}

/** What came out of a batch. */
export interface HubResult {
  /** What each gateway is to be told, in order. */
  readonly outputs: readonly (readonly HubOutput[])[];
  readonly events: readonly UnnumberedEvent[];
  /** In the order of the operations. */
  readonly operated: readonly Operated[];
}

/**
 * Who is online, and what every request means: the ledger's only user. No thread, socket, clock or chance of
 * its own: a batch of inputs and a time go in, outputs come out, and what comes out is on disk.
 *
 *     inputs → clients, commands, operations → ledger, presence → effects → commit → outputs, events, counts
 */
export class Hub {
  readonly #ledger: Ledger;
  readonly #gateways: number;
  readonly #events: boolean;
  readonly #space: Space;
  readonly #clients = new Clients();
  readonly #presence = new Presence();
  readonly #quotas: Quotas;
  readonly #counters: HubCounters;

  constructor({ ledger, gateways, noRates, events, space = UNWATCHED, clock }: HubSettings) {
    this.#ledger = ledger;
    this.#gateways = gateways;
    this.#events = events;
    this.#space = space;
    this.#quotas = new Quotas(noRates);
    this.#counters = new HubCounters(clock);
  }

  /** Links known. */
  get links(): number {
    return this.#clients.size;
  }

  /** Accounts online. */
  get online(): number {
    return this.#presence.size;
  }

  /** What it has counted. Between batches only. */
  reading(): HubReading {
    return { ...this.#counters.reading(), ...this.#totals(), online: this.online };
  }

  /** Who is online, sorted. Between batches only. */
  get onlineNames(): readonly string[] {
    return this.#presence.names().sort();
  }

  /** An account of that name, if there is one. Between batches only. @throws StoreError */
  account(name: string): AccountReport | undefined {
    return accountReport(this.#ledger, name, this.#presence.find(name) !== undefined);
  }

  /** What the books hold. Between batches only. @throws StoreError */
  holdings(): Holdings {
    const { accounts, transfers, circulation, currency: name, scale } = this.#ledger;
    const { mayGrow } = this.#space;
    return { accounts, transfers, circulation, currency: { name, scale }, mayGrow };
  }

  /**
   * Executes the inputs in order, commits once, and says what is to be sent. When the store fails, nothing of
   * the batch has happened but that links have come and gone, and every request of it is answered with 500.
   * Rejects with StoreError `unsettled` when something may have happened: then nothing may be said, and the
   * books must be opened again. The next batch may begin only when this one is done.
   *
   * @param now milliseconds since 1970
   */
  async execute(batch: readonly HubInput[], now: number): Promise<HubResult> {
    const effects = await this.#carryOut(batch, now);
    this.#clients.settle();
    this.#presence.settle();
    await readDeferred(effects);
    this.#counters.count(effects);
    return {
      outputs: outputsOf(effects, this.#gateways),
      events: eventsOf(effects, this.#events),
      operated: effects.flatMap((effect) => (effect.type === 'operated' ? [effect.operated] : [])),
    };
  }

  /** What has come of the batch and is on disk; or, when the store has failed, of refusing it. */
  async #carryOut(batch: readonly HubInput[], now: number): Promise<Effect[]> {
    const turn = this.#turn(now);
    try {
      await this.#ledger.prefetch(ordersIn(batch, this.#clients));
      takeInputs(batch, turn);
      await this.#commit(turn);
      return turn.effects;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === 'unsettled') {
        throw error;
      }
      await this.#rollback();
      const refusing = this.#turn(now, failureOf(error, batch.length, this.#space));
      takeInputs(batch, refusing);
      return refusing.effects;
    }
  }

  #turn(now: number, failure?: Failure): Turn {
    return {
      now,
      ledger: this.#ledger,
      presence: this.#presence,
      clients: this.#clients,
      quotas: this.#quotas,
      space: this.#space,
      effects: warningOf(failure?.warning),
      events: this.#events,
      failure,
    };
  }

  async #commit(turn: Turn): Promise<void> {
    const committed = this.#counters.startCommit();
    const { transfers } = await this.#ledger.commit();
    committed(transfers);
    if (transfers > 0) {
      turn.effects.push(...warningOf(this.#space.committed()));
    }
  }

  /** Whatever the batch has changed. A store that fails even then is tried again with the next batch. */
  async #rollback(): Promise<void> {
    this.#counters.failed();
    this.#presence.rollback();
    this.#clients.rollback();
    try {
      await this.#ledger.rollback();
    } catch (error) {
      if (!(error instanceof StoreError)) {
        throw error;
      }
    }
  }

  /**
   * What the books hold as far as it is shown to everybody; nothing while they cannot be read after a failure
   * of their store.
   */
  #totals(): Pick<HubReading, 'accounts' | 'circulation'> {
    try {
      const { accounts, circulation } = this.#ledger;
      return { accounts, circulation };
    } catch (error) {
      if (!(error instanceof StoreError)) {
        throw error;
      }
      return { accounts: undefined, circulation: undefined };
    }
  }
}

/** Without a text there is nothing to say. */
function warningOf(text: string | undefined): Effect[] {
  return text === undefined ? [] : [{ type: 'warning', text }];
}
