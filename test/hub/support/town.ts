import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Ledger, type Store, StoreError, sqliteArchive } from '../../../src/ledger/index.ts';
import { sourceNetwork } from '../../../src/link/index.ts';
import { ERRORS, type Method, type Methods } from '../../../src/protocol/index.ts';
import type {
  HubInput,
  HubOutput,
  KnownRequest,
  LinkClosed,
  LinkOpened,
  UnnumberedEvent,
} from './internals.ts';
import { Hub, type HubSettings } from './internals.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'farthing-server-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A hub over real books, with people who speak to it without threads or links between. */
export class Town {
  readonly hub: Hub;
  readonly ledger: Ledger;
  readonly events: UnnumberedEvent[] = [];
  /** Milliseconds since 1970: what the hub is told. */
  now = 1_800_000_000_000;
  /** What the next commits fail with, until it is undefined again. */
  commitError: StoreError | undefined;
  /** The same for reads of a history. */
  historyError: StoreError | undefined;
  #conns = 0;

  private constructor(ledger: Ledger, settings: Omit<HubSettings, 'ledger'>) {
    this.ledger = ledger;
    this.hub = new Hub({ ledger, ...settings });
  }

  static async open(t: TestContext, settings: Partial<Omit<HubSettings, 'ledger'>> = {}): Promise<Town> {
    const store = await sqliteArchive(join(temporaryFolder(t), 'ledger.db')).open();
    let town: Town | undefined;
    const ledger = await Ledger.open(
      moody(store, () => town),
      { grant: 10_000 },
    );
    town = new Town(ledger, { gateways: 1, noRates: false, events: true, ...settings });
    t.after(() => ledger.close());
    return town;
  }

  /** Executes one batch; what the gateways are to be told, those of the first gateway first. */
  async run(...batch: readonly HubInput[]): Promise<HubOutput[]> {
    return (await this.runByGateway(...batch)).flat();
  }

  async runByGateway(...batch: readonly HubInput[]): Promise<readonly (readonly HubOutput[])[]> {
    const { outputs, events } = await this.hub.execute(batch, this.now);
    this.events.push(...events);
    return outputs;
  }

  /** The first byte of the key tells people apart. */
  visitor(key = ++this.#keys, options: { host?: string; gateway?: number } = {}): Visitor {
    this.#conns += 1;
    return new Visitor(this.#conns, new Uint8Array(32).fill(key), options);
  }

  #keys = 0;

  /** Somebody whose link is open, and who has registered and logged in. */
  async member(
    name: string,
    options: { port?: number; host?: string; gateway?: number } = {},
  ): Promise<Visitor> {
    const visitor = this.visitor(undefined, options);
    await this.run(visitor.opened, visitor.ask('register', { name }), visitor.login(name, options.port));
    return visitor;
  }
}

/** A store whose commits and histories fail when the town says so. */
function moody(store: Store, town: () => Town | undefined): Store {
  return {
    load: () => store.load(),
    create: (currency) => store.create(currency),
    findTransfers: (orders) => store.findTransfers(orders),
    history: async (account, before, limit) => {
      const error = town()?.historyError;
      if (error !== undefined) {
        throw error;
      }
      return store.history(account, before, limit);
    },
    commit: async (changes) => {
      const error = town()?.commitError;
      if (error !== undefined) {
        throw error;
      }
      return store.commit(changes);
    },
    snapshot: () => store.snapshot(),
    close: () => store.close(),
  };
}

/** What a full disk gives. */
export const DISK_FULL = new StoreError('full', 'no space is left');

/** One link, and what its client says. */
export class Visitor {
  readonly conn: number;
  readonly key: Uint8Array;
  readonly opened: LinkOpened;
  readonly closed: LinkClosed;
  #ids = 0;

  constructor(
    conn: number,
    key: Uint8Array,
    { host = '192.0.2.1', gateway = 0 }: { host?: string; gateway?: number },
  ) {
    this.conn = conn;
    this.key = key;
    this.opened = { type: 'opened', conn, gateway, key, host, network: sourceNetwork(host) };
    this.closed = { type: 'closed', conn, reason: 'closed' };
  }

  /** A request; its id is the next. Null: malformed parameters. */
  ask<M extends Method>(method: M, params: Methods[M]['params'] | null): KnownRequest {
    this.#ids += 1;
    return { type: 'request', conn: this.conn, id: this.#ids, method, params } as KnownRequest;
  }

  login(name: string, port = 0): KnownRequest {
    return this.ask('login', { name, port });
  }

  /** An order; `id` is its last byte. */
  pay(to: string, amount: number, id: number, memo = ''): KnownRequest {
    return this.ask('pay', { to, amount, id: orderId(id), memo });
  }

  unknown(): HubInput {
    this.#ids += 1;
    return { type: 'unknown', conn: this.conn, id: this.#ids };
  }

  /** What was said to this link. */
  heard(outputs: readonly HubOutput[]): HubOutput[] {
    return outputs.filter((output) => 'conn' in output && output.conn === this.conn);
  }

  /** The notifications to this link, as method and parameters. */
  told(outputs: readonly HubOutput[]): [string, object][] {
    return this.heard(outputs).flatMap((output) =>
      output.type === 'push' ? [[output.method, output.params] satisfies [string, object]] : [],
    );
  }

  /** The codes of the answers to this link, in order; results without one count as 100. */
  codes(outputs: readonly HubOutput[]): number[] {
    return this.heard(outputs).filter(isAnswer).map(codeOf);
  }

  /** The one result for this link. Throws when there is none, or another. */
  result(outputs: readonly HubOutput[]): object {
    const answers = this.heard(outputs).filter(isAnswer);
    const [answer] = answers;
    if (answer === undefined || answers.length > 1) {
      throw new Error(`${answers.length} answers`);
    }
    if (answer.type === 'refusal') {
      throw new Error(`refused: ${answer.error}`);
    }
    return answer.type === 'view' ? answer.view : answer.result;
  }
}

/** What answers a request. */
type Answer = Extract<HubOutput, { readonly id: number }>;

export function isAnswer(output: HubOutput): output is Answer {
  return output.type === 'reply' || output.type === 'refusal' || output.type === 'view';
}

export function codeOf(answer: Answer): number {
  return answer.type === 'refusal' ? ERRORS[answer.error].code : 100;
}

/** 16 bytes, the last of them given. */
export function orderId(last: number): Uint8Array {
  const id = new Uint8Array(16);
  id[15] = last;
  id[14] = last >>> 8;
  return id;
}
