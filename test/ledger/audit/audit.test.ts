import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { type Ledger, sqliteArchive } from '../../../src/ledger/index.ts';
import { newPath, openAt, openOn, order, pay, payBatch, registerAll } from '../support/fixtures.ts';

/**
 * Grants are transfers 1 and 2; then alice pays bob 80, and bob pays alice 150, which he could not before.
 */
async function community(t: TestContext): Promise<{ ledger: Ledger; path: string }> {
  const path = newPath(t);
  const ledger = await openAt(t, path, { grant: 100 });
  await registerAll(ledger, 'alice', 'bob');
  await pay(ledger, order('alice', 'bob', 80, 1));
  await pay(ledger, order('bob', 'alice', 150, 2));
  await ledger.commit();
  return { ledger, path };
}

/** Writes to the books behind the ledger's back, past all constraints. */
function tamper(path: string, statements: string): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false, defensive: false });
  database.exec(`PRAGMA ignore_check_constraints = ON; ${statements}`);
  database.close();
}

async function seqs(page: ReturnType<Ledger['history']>): Promise<number[]> {
  return (await page).map(({ seq }) => seq);
}

const PAGE = 4096;
/** First byte of a table's leaf page: https://sqlite.org/fileformat.html 1.6 */
const TABLE_LEAF = 0x0d;

/** Begin and end of the first leaf page of a table that holds the text. */
function leafWith(text: string, file: Buffer): [number, number] {
  for (let begin = 0; begin < file.length; begin += PAGE) {
    if (file[begin] === TABLE_LEAF && file.subarray(begin, begin + PAGE).includes(text)) {
      return [begin, begin + PAGE];
    }
  }
  assert.fail('no such page');
}

const move = (amount: number) =>
  `UPDATE account SET balance = balance + CASE id WHEN 1 THEN -${amount} ELSE ${amount} END WHERE id IN (1, 2)`;
const SWAP =
  'UPDATE transfer SET seq = -3 WHERE seq = 3; UPDATE transfer SET seq = 3 WHERE seq = 4; UPDATE transfer SET seq = 4 WHERE seq = -3';

const TAMPERED: [string, string, RegExp][] = [
  ['money from nowhere', 'UPDATE account SET balance = 171 WHERE id = 1', /add up to 1, not to zero/],
  [
    'a balance that no transfer explains',
    move(1),
    /account alice has 169 stored, but its transfers leave 170/,
  ],
  ['a balance other than in memory', move(1), /balance of bob: 31 on disk, 30 in memory/],
  ['an amount that was changed', 'UPDATE transfer SET amount = 81 WHERE seq = 3', /transfers leave 169/],
  ['a transfer that was taken out', 'DELETE FROM transfer WHERE seq = 3', /transfer 4 follows transfer 2/],
  [
    'a transfer that was cut off',
    'DELETE FROM transfer WHERE seq = 4',
    /last transfer: 3 on disk, 4 in memory/,
  ],
  ['money spent before it came', SWAP, /transfer 3 brings account 2 to -50/],
  [
    'an account that does not exist',
    'UPDATE transfer SET payee = 9 WHERE seq = 3',
    /transfer 3 names account 9, which does not exist/,
  ],
  [
    'an account that was added',
    "INSERT INTO account VALUES (9, 'eve', zeroblob(32), 0, 0, 0, 0, 0)",
    /accounts: 3 on disk, 2/,
  ],
  [
    'a link that was cut',
    'UPDATE transfer SET payer_previous = 0 WHERE seq = 4',
    /transfer 4 of account 2 .* names 0/,
  ],
  [
    'a link that leads elsewhere',
    'UPDATE transfer SET payee_previous = 2 WHERE seq = 4',
    /transfer 4 of account 1 follows its 3, but names 2/,
  ],
  [
    'a link to itself',
    'UPDATE transfer SET payee_previous = 4 WHERE seq = 4',
    /transfer 4 of account 1 .* names 4/,
  ],
  [
    'an account without its newest transfer',
    'UPDATE account SET last_seq = 3 WHERE id = 2',
    /account 2 has 3 transfers stored up to 3, not 3 up to 4/,
  ],
  [
    'an account that has more',
    'UPDATE account SET transfers = 4 WHERE id = 2',
    /account 2 has 4 transfers .* not 3/,
  ],
  ['a milestone that is none', 'INSERT INTO milestone VALUES (1, 3)', /there are 1 milestones, not 0/],
  ['a balance beyond all numbers', 'UPDATE account SET balance = 9007199254740993 WHERE id = 1', /damaged/],
  [
    'an amount that is none',
    'UPDATE transfer SET amount = -80 WHERE seq = 3',
    /CHECK constraint failed in transfer \(row 3\)/,
  ],
  [
    'a friendship that refers to nobody',
    'INSERT INTO friendship VALUES (1, 9, 0)',
    /friendship refers to a row of account/,
  ],
  [
    'a trigger of somebody else',
    'CREATE TRIGGER mint AFTER INSERT ON transfer BEGIN UPDATE account SET balance = 9 WHERE id = 1; END',
    /has a trigger mint, which is not the ledger's/,
  ],
  ['an index that is gone', 'DROP INDEX friendship_pair', /has no index friendship_pair/],
  [
    'a constraint that is gone',
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (amount > 0)', '') WHERE name = 'transfer'",
    /another table transfer than it must have/,
  ],
  ['a negative balance', 'UPDATE account SET balance = -5 WHERE id = 1', /CHECK constraint failed/],
];

describe('audit', () => {
  test('finds nothing wrong with books that nobody has tampered with', async (t) => {
    const { ledger } = await community(t);
    const report = await ledger.audit();
    assert.deepEqual(report, { ok: true, accounts: 2, transfers: 4, circulation: 200, problems: [] });
  });

  test('finds nothing wrong with new books', async (t) => {
    const report = await (await openAt(t, newPath(t))).audit();
    assert.deepEqual(report, { ok: true, accounts: 0, transfers: 0, circulation: 0, problems: [] });
  });

  for (const [what, statements, problem] of TAMPERED) {
    test(`finds ${what}`, async (t) => {
      const { ledger, path } = await community(t);
      tamper(path, statements);
      const report = await ledger.audit();
      assert.equal(report.ok, false);
      assert.match(report.problems.join('\n'), problem);
    });
  }

  test('finds a milestone that was taken out, or moved', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path);
    await registerAll(ledger, 'alice', 'bob');
    await payBatch(ledger, 0);
    assert.deepEqual((await ledger.audit()).problems, []);
    tamper(path, 'UPDATE milestone SET seq = seq + 1 WHERE account = 1');
    const missing = 'transfer 65 is not listed as a milestone of account 1';
    assert.deepEqual((await ledger.audit()).problems, [missing]);
    tamper(path, 'DELETE FROM milestone WHERE account = 1');
    assert.deepEqual((await ledger.audit()).problems, [missing, 'there are 1 milestones, not 2']);
  });

  test('finds pages that were overwritten', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path);
    await registerAll(ledger, 'alice', 'bob');
    for (let batch = 0; batch < 5; batch += 1) {
      await payBatch(ledger, batch);
    }
    await ledger.close();
    const file = readFileSync(path);
    file.fill(0xff, ...leafWith('m'.repeat(200), file));
    writeFileSync(path, file);
    const report = await sqliteArchive(path).audit();
    assert.equal(report.ok, false);
    assert.match(report.problems.join('\n'), /damaged|malformed/);
  });

  test('reads one moment, whatever is committed meanwhile', async (t) => {
    const store = await sqliteArchive(newPath(t)).open();
    const ledger = await openOn(t, store);
    await registerAll(ledger, 'alice', 'bob');
    const snapshot = await store.snapshot();
    await payBatch(ledger, 0);
    assert.equal((await snapshot.books()).lastSeq, 2);
    await snapshot.close();
  });

  test('a report has at most 100 problems', async (t) => {
    const path = newPath(t);
    const ledger = await openAt(t, path);
    await registerAll(ledger, 'alice', 'bob');
    await payBatch(ledger, 0);
    await payBatch(ledger, 1);
    tamper(path, 'DELETE FROM transfer WHERE seq % 2 = 0; UPDATE account SET balance = 0');
    assert.equal((await ledger.audit()).problems.length <= 100, true);
  });
});

describe('another program that writes to the books', () => {
  test('is noticed by the next commit, and what it wrote holds', async (t) => {
    const { ledger, path } = await community(t);
    tamper(path, move(50));
    await pay(ledger, order('alice', 'bob', 170, 3));
    await assert.rejects(ledger.commit(), { code: 'conflict' });
    assert.equal(ledger.account('alice')?.balance, 120);
    assert.equal((await pay(ledger, order('alice', 'bob', 170, 3))).status, 'insufficient_funds');
  });

  test('and names an account that does not exist, is an error of the books', async (t) => {
    const { ledger, path } = await community(t);
    tamper(path, 'UPDATE transfer SET payee = 9 WHERE seq = 3; INSERT INTO friendship VALUES (1, 9, 0)');
    await assert.rejects(ledger.history('alice', undefined, 10), { code: 'damaged' });
    await ledger.close();
    await assert.rejects(openAt(t, path), { code: 'damaged', message: /account 9/ });
  });

  test('and leads a chain in a circle, stops no history', async (t) => {
    const { ledger, path } = await community(t);
    tamper(path, 'UPDATE transfer SET payer_previous = 4, payee_previous = 4 WHERE seq = 3');
    assert.deepEqual(await seqs(ledger.history('alice', undefined, 10)), [4, 3]);
  });

  test('and leads a chain to others, is an error of the books', async (t) => {
    const { ledger, path } = await community(t);
    tamper(path, 'UPDATE transfer SET payee_previous = 2 WHERE seq = 4');
    await assert.rejects(ledger.history('alice', undefined, 10), { code: 'damaged' });
  });

  test('and leaves books that do not add up, stops the ledger', async (t) => {
    const { ledger, path } = await community(t);
    tamper(path, 'UPDATE account SET balance = 1000 WHERE id = 1');
    await pay(ledger, order('alice', 'bob', 170, 3));
    await assert.rejects(ledger.commit(), { code: 'conflict' });
    await assert.rejects(ledger.prefetch([]), { code: 'damaged', message: /do not add up to zero/ });
    assert.throws(() => ledger.circulation, { name: 'StoreError' });
  });
});
