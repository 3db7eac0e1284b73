import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Wallet } from '../../../src/client/index.ts';
import { generateKeyPair } from '../../../src/link/index.ts';

const HOST = '127.0.0.1';
const PAYER = 'witness';
const PAYEE = 'shop';

/** Milliseconds between two payments of the witness while an attack goes on. */
const PAUSE_MS = 5;

/**
 * Milliseconds after which a witness who has not been served is taken for shut out, on a machine busy with
 * other work.
 */
const PATIENCE_MS = 30_000;

/** Where a server is, and its key. */
export interface Address {
  readonly port: number;
  readonly key: Uint8Array;
}

/**
 * Two ordinary people of whom one pays the other, whatever goes on around them. Their wallets do not
 * reconnect: a link of theirs that breaks is a successful attack.
 */
export class Witness {
  readonly #at: Address;
  readonly #payer: Wallet;
  readonly #payee: Wallet;
  /** The transfers that the payee has heard of, by their `seq`, and who waits to see them there. */
  readonly #heard = new Set<number>();
  readonly #waiting = new Map<number, () => void>();
  readonly #before: number;
  #paid = 0;
  #newcomers = 0;

  private constructor(at: Address, payer: Wallet, payee: Wallet, balance: number) {
    this.#at = at;
    this.#payer = payer;
    this.#payee = payee;
    this.#before = balance;
    payee.on('paid', ({ transfer: { seq } }) => {
      assert.ok(!this.#heard.has(seq), 'the payee is told once');
      this.#heard.add(seq);
      this.#waiting.get(seq)?.();
    });
  }

  static async join(at: Address): Promise<Witness> {
    const [payer, payee] = await Promise.all([come(at), come(at)]);
    await Promise.all([payer.register(PAYER), payee.register(PAYEE)]);
    const [view] = await Promise.all([payer.login(PAYER), payee.login(PAYEE)]);
    return new Witness(at, payer, payee, view.balance);
  }

  /** Payments made so far. */
  get paid(): number {
    return this.#paid;
  }

  /** Pays once: the payer has the answer, and the payee has been told. */
  async pays(): Promise<void> {
    this.#paid += 1;
    const { transfer } = await patiently(this.#payer.pay(PAYEE, 1));
    assert.deepEqual([transfer.from, transfer.to, transfer.amount], [PAYER, PAYEE, 1]);
    const { seq } = transfer;
    if (this.#heard.has(seq)) {
      return;
    }
    await patiently(new Promise<void>((resolve) => this.#waiting.set(seq, resolve)));
    this.#waiting.delete(seq);
  }

  /** Pays before the attack, again and again during it, and after it. */
  async through<T>(attack: () => Promise<T>): Promise<T> {
    await this.pays();
    let over = false;
    const attacked = attack().finally(() => {
      over = true;
    });
    const during = async () => {
      do {
        await this.pays();
        await Promise.race([attacked.catch(() => {}), pause(PAUSE_MS)]);
      } while (!over);
    };
    const [result] = await Promise.all([attacked, during()]);
    await this.pays();
    return result;
  }

  /** Somebody new comes, registers, logs in, pays the witness's shop, and leaves. */
  async newcomer(): Promise<void> {
    this.#newcomers += 1;
    const name = `newcomer-${this.#newcomers}`;
    const wallet = await patiently(come(this.#at));
    await patiently(wallet.register(name));
    await patiently(wallet.login(name));
    await patiently(wallet.pay(PAYEE, 1));
    assert.equal(await patiently(wallet.exit()), 'Bye!');
  }

  /**
   * Asks something of the server's gateway and waits for the answer: what came to it before has been read by
   * then.
   */
  async waits(): Promise<void> {
    await patiently(this.#payer.lookup(PAYEE));
  }

  /** Pays a last time, finds that the money is exactly what the payments say, and leaves. */
  async leave(): Promise<void> {
    await this.pays();
    const { balance } = await this.#payer.list();
    assert.equal(balance, this.#before - this.#paid);
    assert.deepEqual(await Promise.all([this.#payer.exit(), this.#payee.exit()]), ['Bye!', 'Bye!']);
  }
}

function come({ port, key }: Address): Promise<Wallet> {
  return Wallet.connect({
    host: HOST,
    port,
    serverKey: key,
    identity: generateKeyPair(),
    reconnect: false,
  });
}

async function patiently<T>(work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const shutOut = pause(PATIENCE_MS, undefined, { signal: late.signal }).then(
    () => assert.fail('the witness is shut out'),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([work, shutOut]);
  } finally {
    late.abort();
  }
}
