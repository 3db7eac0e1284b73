// The books as their operator handles them: beside a running server, and without one.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { Wallet } from '../../../src/client/index.ts';
import { generateKeyPair } from '../../../src/noise/index.ts';
import { parseCsv } from '../../support/csv.ts';
import { Leftovers, newFolder, Person, RunningServer } from '../../support/programs.ts';

const leftovers = new Leftovers();
const operator = new Person(leftovers);
const data = newFolder(leftovers);
const archive = newFolder(leftovers);
const MEMOS = [
  'lunch',
  '=HYPERLINK("http://evil.example")',
  'say "hi",\r\nplease',
  '',
  '\u001b]0;mine\u0007',
  '名前',
];

let server: RunningServer;
let alice: Wallet;
let isPaying = true;
let paying: Promise<void>;
const paid: number[] = [];
const paidSince = { count: 0, reached: Promise.withResolvers<void>() };

after(() => leftovers.clear());

before(async () => {
  server = await RunningServer.start(leftovers, data);
  const enter = async (name: string): Promise<Wallet> => {
    const serverKey = new Uint8Array(Buffer.from(server.key, 'hex'));
    const identity = generateKeyPair();
    const wallet = await Wallet.connect({ host: '127.0.0.1', port: server.port, serverKey, identity });
    await wallet.register(name);
    await wallet.login(name);
    leftovers.after(() => wallet.close());
    return wallet;
  };
  alice = await enter('alice');
  await enter('bob');
  paying = keepPaying();
});

/** One payment after another, until told to end. */
async function keepPaying(): Promise<void> {
  for (let n = 0; isPaying; n += 1) {
    const { transfer } = await alice.pay('bob', 1 + (n % 5), { memo: MEMOS[n % MEMOS.length] ?? '' });
    paid.push(transfer.seq);
    paidSince.count -= 1;
    if (paidSince.count === 0) {
      paidSince.reached.resolve();
    }
  }
}

/** Resolves once so many more payments have been answered. */
async function payments(count: number): Promise<void> {
  paidSince.count = count;
  paidSince.reached = Promise.withResolvers();
  await paidSince.reached.promise;
}

const run = (...words: string[]) => operator.serve(...words).ended;

function rows(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const found = database.prepare('SELECT * FROM transfer ORDER BY seq').all();
  database.close();
  return found;
}

describe('beside a server, while payments go on', () => {
  const monday = join(archive, 'monday.db');

  test('audit finds the books in order', async () => {
    await payments(10);
    const { status, stdout, stderr } = await run('audit', '--data', data);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(
      stdout,
      /^2 accounts, \d+ transfers, 20,000\.00 dollars in circulation\nThe books are in order/,
    );
  });

  test('backup makes a copy that is in order, and the beginning of what the books become', async () => {
    const { status, stdout, stderr } = await run('backup', monday, '--data', data, '--json');
    assert.deepEqual([status, stderr], [0, '']);
    const { ok, file, transfers, circulation, problems } = JSON.parse(stdout);
    assert.deepEqual([ok, file, circulation, problems], [true, monday, '20000.00', []]);
    assert.deepEqual(readdirSync(archive), ['monday.db']);
    await payments(10);
    const copied = rows(monday);
    assert.equal(copied.length, transfers);
    const audited = await run('audit', '--backup', monday, '--json');
    assert.deepEqual([audited.status, JSON.parse(audited.stdout).transfers], [0, transfers]);
    assert.deepEqual(copied, rows(join(data, 'ledger.db')).slice(0, transfers));
  });

  test('backup replaces no file unless it is told to', async () => {
    const refused = await run('backup', monday, '--data', data);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /monday\.db is there already: with --force it is replaced/);
    const forced = await run('backup', monday, '--data', data, '--force');
    assert.equal(forced.status, 0);
    assert.match(forced.stdout, /Backed up to .*monday\.db, and the copy is in order\.\n.*server\.key/);
  });

  test('export as CSV and as JSON Lines add up to the same, and to what was paid', async () => {
    const to = String(Math.max(...paid));
    const csv = await run('export', '--data', data, '--to', to);
    const lines = await run('export', '--data', data, '--to', to, '--format', 'jsonl');
    assert.deepEqual([csv.status, lines.status, csv.stderr, lines.stderr], [0, 0, '', '']);
    const [header, ...records] = parseCsv(csv.stdout);
    assert.deepEqual(header, ['seq', 'time', 'from', 'to', 'amount', 'amount_minor', 'memo', 'id']);
    const documents = lines.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      records.map(([seq, at, from, payee, amount, minor, memo = '', id]) => {
        const text = memo.replace(/^'/, '');
        return { seq: Number(seq), id, from, to: payee, amount, amountMinor: Number(minor), memo: text, at };
      }),
      documents,
    );
    assert.equal(documents.length, Number(to));
    assert.deepEqual(
      documents.slice(2, 8).map(({ memo }) => memo),
      MEMOS,
    );
    const moved = documents.reduce(
      (sum: number, { from, amountMinor }) => sum + (from === 'alice' ? amountMinor : 0),
      0,
    );
    const database = new DatabaseSync(join(data, 'ledger.db'), { readOnly: true });
    const [stored] = database
      .prepare('SELECT sum(amount) AS sum FROM transfer WHERE payer = 1 AND seq <= ?')
      .all(to);
    database.close();
    assert.equal(moved, stored?.['sum']);
    assert.ok(!csv.stdout.includes('\n='), 'no cell begins a formula');
    assert.ok(!lines.stdout.includes('\u001b'), 'JSON is safe on a terminal');
  });

  test('export of a part, or of one account', async () => {
    const part = await run('export', '--data', data, '--from', '2', '--to', '4', '--json');
    assert.deepEqual(
      part.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
      [2, 3, 4],
    );
    const bob = await run('export', '--data', data, '--account', 'BOB', '--to', '3');
    assert.deepEqual(
      parseCsv(bob.stdout).map(([seq]) => seq),
      ['seq', '2', '3'],
    );
    const nobody = await run('export', '--data', data, '--account', 'nobody', '--json');
    assert.deepEqual([nobody.status, JSON.parse(nobody.stdout).error.name], [1, 'ACCOUNT_UNKNOWN']);
  });

  test('export ends quietly when its reader goes away', async () => {
    const program = operator.serve('export', '--data', data);
    await program.line('seq,time');
    program.stopReading();
    assert.equal((await program.ended).stderr, '');
  });

  test('restore is refused, and the server is not disturbed', async () => {
    const { status, stderr } = await run('restore', monday, '--data', data, '--force');
    assert.equal(status, 1);
    assert.match(stderr, /in use by another program.*stop that program first/);
    await payments(1);
  });
});

describe('without a server', () => {
  const monday = join(archive, 'monday.db');

  before(async () => {
    isPaying = false;
    await paying;
    await server.stop();
  });

  test('audit makes no file and leaves none', async () => {
    const names = readdirSync(data);
    const { status } = await run('audit', '--data', data);
    assert.deepEqual([status, readdirSync(data)], [0, names]);
  });

  test('restore keeps the books that were there, and a server goes on from the backup', async () => {
    const refused = await run('restore', monday, '--data', data);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /ledger\.db is there already: with --force/);
    const { status, stdout } = await run('restore', monday, '--data', data, '--force', '--json');
    const { ok, transfers, kept, hasKey } = JSON.parse(stdout);
    assert.deepEqual([status, ok, hasKey, rows(kept).length > transfers], [0, true, true, true]);
    const again = await RunningServer.start(leftovers, data);
    assert.equal(again.key, server.key);
    const audited = await run('audit', '--data', data, '--json');
    assert.equal(JSON.parse(audited.stdout).transfers, transfers);
    await again.stop();
  });

  test('restore to a new folder says what is still missing there', async () => {
    const folder = join(newFolder(leftovers), 'new');
    const { status, stdout } = await run('restore', monday, '--data', folder);
    assert.equal(status, 0);
    assert.match(stdout, /Put the server's key there too, as server\.key/);
  });

  test('a backup that was tampered with is refused', async () => {
    const database = new DatabaseSync(monday);
    database.exec('UPDATE account SET balance = balance + 100 WHERE id = 1');
    database.close();
    const folder = newFolder(leftovers);
    const { status, stdout } = await run('restore', monday, '--data', folder);
    assert.equal(status, 1);
    assert.match(stdout, /add up to 100, not to zero\n.*\n.*NOT in order: nothing was restored/);
    assert.equal(existsSync(join(folder, 'ledger.db')), false);
    const audited = await run('audit', '--backup', monday, '--json');
    assert.deepEqual([audited.status, JSON.parse(audited.stdout).ok], [1, false]);
  });

  test('what cannot be read is an error, not a verdict', async () => {
    const text = join(archive, 'diary.txt');
    writeFileSync(text, 'Dear diary,\n'.repeat(20));
    for (const [words, says] of [
      [['audit', '--backup', text], /is not a ledger/],
      [['audit', '--backup', join(archive, 'none')], /there is no file/],
      [['audit', '--data', join(archive, 'none')], /there are no books in/],
      [['restore', join(archive, 'none')], /there is no file/],
    ] as const) {
      const { status, stdout, stderr } = await run(...words);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, says);
    }
  });

  test('wrong usage', { concurrency: 2 }, async () => {
    for (const [words, says] of [
      [['backup'], /backup needs FILE/],
      [['export', '--format', 'xml'], /--format must be csv or jsonl/],
      [['export', '--from', '9', '--to', '8'], /--from 9 comes after --to 8/],
      [['audit', '--force'], /audit takes no --force/],
    ] as const) {
      const { status, stderr } = await run(...words);
      assert.equal(status, 2);
      assert.match(stderr, says);
    }
  });
});
