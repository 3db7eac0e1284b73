import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Ledger, sqliteArchive } from '../../src/ledger/index.ts';
import { examine } from './books.ts';
import { Journal, readJournal } from './journal.ts';
import { GRANT, orderOf, PEOPLE, payBatch, populate } from './load.ts';
import { runRounds } from './rounds.ts';

const ROUNDS = 8;

describe('servers, clients and networks that break while people pay each other', () => {
  test(`${ROUNDS} rounds: no answered payment is lost, none is made twice, every order finds its answer`, async () => {
    const figures = await runRounds({ rounds: ROUNDS, seed: 1 });
    assert.deepEqual(figures.problems, []);
    assert.deepEqual([figures.lost, figures.twice, figures.unresolved], [0, 0, 0]);
    const { server, clients, network } = figures.rounds;
    assert.equal(server + clients + network, ROUNDS);
    assert.ok(server > 0 && clients > 0 && network > 0 && figures.cuts > 0);
    assert.ok(figures.unknown > 0, 'some links broke before an answer');
    assert.ok(figures.retried >= figures.unknown);
  });
});

/** Books with some payments, and a journal that knows of all of them. */
async function recorded(t: TestContext): Promise<{ folder: string; journal: Journal; path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'farthing-crash-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const ledger = await Ledger.open(await sqliteArchive(join(folder, 'ledger.db')).open(), { grant: GRANT });
  await populate(ledger);
  const first = PEOPLE.length + 1;
  const last = await payBatch(ledger, first, 10);
  await ledger.close();
  const path = join(folder, 'journal');
  const journal = new Journal(path);
  t.after(() => journal.close());
  for (let seq = first; seq <= last; seq += 1) {
    journal.order(line(seq));
    journal.paid(line(seq).id, seq);
  }
  return { folder, journal, path };
}

function line(seq: number) {
  const { id, payer, payee, amount } = orderOf(seq);
  return { id: Buffer.from(id).toString('hex'), payer, payee, amount };
}

describe('what looks for lost and doubled payments', () => {
  test('finds nothing where nothing is wrong', async (t) => {
    const { folder, path } = await recorded(t);
    const findings = await examine(folder, readJournal(path));
    assert.deepEqual(findings, { lost: [], twice: [], problems: [], payments: 10 });
  });

  test('finds an answered order that is not there, and one under another number', async (t) => {
    const { folder, journal, path } = await recorded(t);
    journal.order(line(100));
    journal.paid(line(100).id, 100);
    journal.paid(line(10).id, 11);
    const { lost } = await examine(folder, readJournal(path));
    assert.deepEqual(lost.toSorted(), [line(10).id, line(100).id].toSorted());
  });

  test('finds a payment that nobody has ordered, or not like that', async (t) => {
    const { folder, path } = await recorded(t);
    const orders = readJournal(path);
    orders.delete(line(8).id);
    const other = orders.get(line(9).id);
    assert.ok(other !== undefined);
    orders.set(other.id, { ...other, amount: other.amount + 1 });
    const { problems } = await examine(folder, orders);
    assert.equal(problems.length, 2);
    assert.match(problems.join('\n'), /nobody has ordered payment 8.*\n.*payment 9/);
  });

  test('an order whose answer never came is neither lost nor wrong', async (t) => {
    const { folder, journal, path } = await recorded(t);
    journal.order(line(200));
    journal.sent(line(200).id);
    journal.unknown(line(200).id);
    const findings = await examine(folder, readJournal(path));
    assert.deepEqual([findings.lost, findings.problems], [[], []]);
  });
});
