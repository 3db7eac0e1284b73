import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Ledger, sqliteArchive } from '../../src/ledger/index.ts';
import type { Recorded } from './journal.ts';

const LEDGER = 'ledger.db';

/** What books that were promised something turned out to hold. */
export interface Findings {
  /** Orders answered as paid that are not there, or not as they were answered. */
  readonly lost: readonly string[];
  /** Orders that moved money more than once. */
  readonly twice: readonly string[];
  /** Payments that nobody ordered, wrong balances, and what the audit says. */
  readonly problems: readonly string[];
  /** Payments between people. */
  readonly payments: number;
}

/** The files of books that nobody has open, as a killed server has left them, in another folder. */
export function copyFiles(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const name of [LEDGER, `${LEDGER}-wal`]) {
    if (existsSync(join(from, name))) {
      copyFileSync(join(from, name), join(to, name));
    }
  }
}

/** One moment of the books of a server that goes on. */
export function copyLive(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const database = new DatabaseSync(join(from, LEDGER), { readOnly: true, timeout: 5_000 });
  try {
    database.prepare('VACUUM INTO ?').run(join(to, LEDGER));
  } finally {
    database.close();
  }
}

/**
 * Opens the books in a folder as a server does, audits them, and compares them with what the clients know.
 *
 * @param orders all that the books may hold
 * @param answered what they must hold: less, when payments went on while they were copied
 */
export async function examine(
  folder: string,
  orders: ReadonlyMap<string, Recorded>,
  answered = orders,
): Promise<Findings> {
  const path = join(folder, LEDGER);
  const ledger = await Ledger.open(await sqliteArchive(path).open());
  try {
    const { problems } = await ledger.audit();
    const findings = compare(transfersIn(path), orders, answered);
    return {
      ...findings,
      problems: [...problems, ...findings.problems, ...wrongBalances(ledger, transfersIn(path))],
    };
  } finally {
    await ledger.close();
  }
}

interface Paid {
  readonly seq: number;
  readonly id: string;
  readonly payer: string;
  readonly payee: string;
  readonly amount: number;
}

function transfersIn(path: string): Paid[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare('SELECT seq, id, payer, payee, amount FROM journal')
      .all()
      .map((row) => ({
        seq: Number(row['seq']),
        id: String(row['id']),
        payer: String(row['payer']),
        payee: String(row['payee']),
        amount: Number(row['amount']),
      }));
  } finally {
    database.close();
  }
}

function compare(
  transfers: readonly Paid[],
  orders: ReadonlyMap<string, Recorded>,
  answered: ReadonlyMap<string, Recorded>,
): Findings {
  const payments = transfers.filter(({ payer }) => payer !== 'issuer');
  const found = new Map<string, Paid>();
  const twice: string[] = [];
  const problems: string[] = [];
  for (const payment of payments) {
    if (found.has(payment.id)) {
      twice.push(payment.id);
    }
    found.set(payment.id, payment);
    const order = orders.get(payment.id);
    const { payer, payee, amount } = payment;
    if (order?.payer !== payer || order.payee !== payee || order.amount !== amount) {
      problems.push(`nobody has ordered payment ${payment.seq}: ${payer} pays ${payee} ${amount}`);
    }
  }
  const lost = [...answered.values()]
    .filter(({ id, seqs }) => seqs.some((seq) => found.get(id)?.seq !== seq))
    .map(({ id }) => id);
  return { lost, twice, problems, payments: payments.length };
}

/** Balances recomputed from the transfers, apart from all code of the ledger. */
function wrongBalances(ledger: Ledger, transfers: readonly Paid[]): string[] {
  const balances = new Map<string, number>();
  const add = (name: string, amount: number) => balances.set(name, (balances.get(name) ?? 0) + amount);
  for (const { payer, payee, amount } of transfers) {
    add(payer, -amount);
    add(payee, amount);
  }
  const sum = [...balances.values()].reduce((total, balance) => total + balance, 0);
  return [
    ...(sum === 0 ? [] : [`the balances add up to ${sum}`]),
    ...[...balances].flatMap(([name, balance]) => {
      const stored = name === 'issuer' ? -ledger.circulation : ledger.account(name)?.balance;
      return stored === balance ? [] : [`${name} has ${stored}, and should have ${balance}`];
    }),
  ];
}
