// What the operator does to accounts: beside a running server, and on the books of one that has stopped.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Outcome } from '../support/program.ts';
import { Leftovers, newFolder, Person, RunningServer } from '../support/programs.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const operator = new Person(leftovers);
const OTHER_KEY = 'ab'.repeat(32);
const WHY = ['--reason', 'a good reason'];

let books: string;
const ask = (...words: readonly string[]): Promise<Outcome> =>
  operator.serve(...words, '--data', books).ended;

/** What the command says in JSON, once it has done what was asked. */
async function told(...words: readonly string[]) {
  const { status, stdout, stderr } = await ask(...words, '--json');
  assert.deepEqual([status, stderr], [0, ''], stdout);
  return JSON.parse(stdout);
}

async function refused(words: readonly string[], status: number, says: RegExp): Promise<void> {
  const outcome = await ask(...words);
  assert.deepEqual([outcome.status, outcome.stdout], [status, '']);
  assert.match(outcome.stderr, says);
}

async function audited(): Promise<void> {
  const { status, stdout } = await ask('audit');
  assert.equal(status, 0, stdout);
}

describe('the operator beside a running server', () => {
  let server: RunningServer;
  const alice = new Person(leftovers);

  before(async () => {
    books = newFolder(leftovers);
    server = await RunningServer.start(leftovers, books);
    assert.equal((await alice.run('register', 'alice', ...server.flags)).status, 0);
  });

  test('status: what it is, and how it is doing', async () => {
    const status = await told('status');
    assert.equal(statSync(join(books, 'control.sock')).mode & 0o777, 0o600);
    const { address, key, accounts, transfers, circulation, circulationMinor, payments, refusing } = status;
    assert.equal(address, `farthing://127.0.0.1:${server.port}#${server.key}`);
    assert.deepEqual(
      [key, accounts, transfers, circulation, circulationMinor, payments, refusing],
      [server.key, 1, 1, '10000.00', 1_000_000, 0, null],
    );
    assert.deepEqual(Object.keys(status), [
      'version',
      'pid',
      'startedAt',
      'uptimeSeconds',
      'address',
      'key',
      'connections',
      'opening',
      'loggedIn',
      'accounts',
      'transfers',
      'circulation',
      'circulationMinor',
      'currency',
      'commits',
      'failedCommits',
      'payments',
      'freeBytes',
      'refusing',
    ]);
    const human = await ask('status');
    assert.match(
      human.stdout,
      /^Farthing server \d.*, up \d+:\d\d:\d\d \(process \d+\)\n {2}address {7}farthing:/,
    );
  });

  test('issue and redeem: who is online sees it, and the history shows it', async () => {
    const listener = alice.start('listen', '--json');
    await listener.line('"listening"');
    const given = await told('issue', 'alice', '12.5', ...WHY);
    assert.deepEqual([given.done, given.transfer, given.account.balance], ['issue', 2, '10012.50']);
    assert.equal(given.account.online, true);
    const paid = JSON.parse(await listener.line('"paid"'));
    assert.deepEqual([paid.from, paid.amount, paid.memo], ['issuer', '12.50', 'a good reason']);
    const taken = await ask('redeem', 'alice', '10,000', ...WHY);
    assert.equal(taken.status, 2, 'no thousands on a command line');
    const { stdout } = await ask('redeem', 'alice', '10000', ...WHY);
    assert.equal(stdout, 'Redeemed 10,000 dollars from alice\nalice has 12.50 dollars\n');
    assert.match(JSON.parse(await listener.line('"notice"')).text, /taken money back/);
    await refused(
      ['redeem', 'alice', '12.51', ...WHY],
      1,
      /alice has less than that\nThe balance is 12\.50 dollars\./,
    );
    const { accounts } = await told('accounts');
    assert.deepEqual(
      accounts.map(({ name, balanceMinor, online, frozen, transfers }: Record<string, unknown>) => [
        name,
        balanceMinor,
        online,
        frozen,
        transfers,
      ]),
      [['alice', 1250, true, false, 3]],
    );
    listener.kill('SIGINT');
    await listener.ended;
  });

  test('freeze and unfreeze: looking is allowed, paying is not', async () => {
    assert.match((await ask('freeze', 'alice', ...WHY)).stdout, /^alice is frozen, and can neither pay/);
    const paid = await alice.run('pay', 'alice', '1');
    assert.equal(paid.status, 1);
    assert.match(paid.stderr, /This account is frozen; ask the server's operator/);
    assert.equal((await alice.run('balance')).stdout, '12.50 dollars\n');
    await refused(['freeze', 'alice', ...WHY], 1, /alice is frozen already/);
    assert.match((await ask('accounts')).stdout, /^alice .* frozen/m);
    assert.equal((await told('unfreeze', 'alice', ...WHY)).account.frozen, false);
  });

  test('rekey: the old device is logged out, and the new one is alice', async () => {
    const phone = new Person(leftovers);
    const { key } = JSON.parse((await phone.run('whoami', '--json')).stdout);
    const listener = alice.start('listen', '--json');
    await listener.line('"listening"');
    const moved = await told('rekey', 'alice', '--key', key, ...WHY);
    assert.equal(moved.account.key, key);
    await listener.line('"kicked"');
    assert.equal((await listener.ended).status, 4);
    assert.equal((await alice.run('balance')).status, 4);
    const session = phone.start(...['127.0.0.1', String(server.port), '--server-key', server.key]);
    session.write('login alice\n');
    assert.equal(await session.line('Balance'), 'Balance: 12.50 dollars');
    session.end();
    await session.ended;
    assert.equal((await phone.run('balance')).stdout, '12.50 dollars\n', 'the profile remembers the name');
  });

  test('what cannot be done is said', async () => {
    await refused(
      ['freeze', 'nobody', ...WHY],
      1,
      /there is no account "nobody"\n"farthing-server accounts"/,
    );
    await refused(['unfreeze', 'alice', ...WHY], 1, /alice is not frozen/);
    const none = await ask('freeze', 'nobody', ...WHY, '--json');
    const { error } = JSON.parse(none.stdout);
    assert.deepEqual([none.status, error.name], [1, 'ACCOUNT_UNKNOWN']);
  });

  test('a folder that is open to others is not trusted', async () => {
    chmodSync(books, 0o755);
    await refused(['status'], 1, /open to others.*chmod 700/);
    chmodSync(books, 0o700);
    assert.equal((await ask('status')).status, 0);
  });

  test('after a kill the books are open to the operator, and the next server takes the socket over', async () => {
    server.program.kill('SIGKILL');
    await server.program.ended;
    assert.ok(existsSync(join(books, 'control.sock')), 'left behind');
    await refused(['status'], 3, /no server uses .*\n"farthing-server" starts one/);
    assert.equal((await told('issue', 'alice', '1', ...WHY)).account.balance, '13.50');
    const next = await RunningServer.start(leftovers, books);
    assert.equal((await told('status')).accounts, 1);
    await next.stop();
    assert.equal(existsSync(join(books, 'control.sock')), false);
    await audited();
  });
});

describe('the operator without a server', () => {
  before(async () => {
    books = newFolder(leftovers);
    const server = await RunningServer.start(leftovers, books);
    await new Person(leftovers).run('register', 'bob', ...server.flags);
    await server.stop();
  });

  test('all of it works on the books themselves', async () => {
    assert.match((await ask('accounts')).stdout, /^name +balance .*\nbob +10000\.00 +\d{4}-\d\d-\d\d +1$/m);
    await told('freeze', 'bob', ...WHY);
    const { account } = await told('redeem', 'bob', '10000', ...WHY);
    assert.deepEqual([account.balance, account.frozen, account.online], ['0.00', true, false]);
    assert.equal((await told('rekey', 'bob', '--key', OTHER_KEY, ...WHY)).account.key, OTHER_KEY);
    await refused(['rekey', 'bob', '--key', OTHER_KEY, ...WHY], 1, /bob belongs to this key already/);
    await audited();
  });

  test('at a terminal it asks before it moves money', async (t) => {
    const no = operator.openServer(t, ['issue', 'bob', '5', ...WHY, '--data', books]);
    await no.expect('bob has 0.00 dollars and is frozen.');
    await no.expect('Issue 5 dollars to bob, for "a good reason"? (yes/no)');
    no.type('no');
    await no.expect('Nothing was done.');
    assert.equal(await no.ended, 1);
    const yes = operator.openServer(t, ['issue', 'bob', '5', ...WHY, '--data', books]);
    await yes.expect('(yes/no)');
    yes.type('yes');
    await yes.expect('bob has 5.00 dollars');
    assert.equal(await yes.ended, 0);
  });

  test('where there are no books, nothing is made', async () => {
    const folder = join(books, 'none');
    const { status, stderr } = await operator.serve('accounts', '--data', folder).ended;
    assert.equal(status, 1);
    assert.match(stderr, /there are no books in/);
    assert.equal(existsSync(folder), false);
  });
});

describe('wrong usage of the operator', { concurrency: 2 }, () => {
  const CASES: [words: string[], says: RegExp][] = [
    [['freez', 'alice'], /Did you mean "farthing-server freeze"\?/],
    [['freeze'], /freeze needs NAME\nExample: /],
    [['freeze', 'alice'], /freeze needs --reason/],
    [['freeze', 'a b', ...WHY], /"a b" cannot be a name/],
    [['freeze', 'alice', 'bob', ...WHY], /freeze does not take "bob"/],
    [['freeze', 'alice', '--reason', 'x'.repeat(257)], /a reason has 1 to 256 bytes/],
    [['issue', 'alice', 'much', ...WHY], /"much" is not an amount/],
    [['issue', 'alice', '0.00', ...WHY], /the amount must be more than zero/],
    [['rekey', 'alice', ...WHY], /rekey needs --key/],
    [['rekey', 'alice', '--key', 'ab', ...WHY], /--key must be 64 hex digits/],
    [['accounts', '--workers', '2'], /accounts takes no --workers/],
  ];
  for (const [words, says] of CASES) {
    test(`farthing-server ${words.join(' ').slice(0, 60)}`, async () => {
      const { status, stdout, stderr } = await operator.serve(...words).ended;
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, says);
    });
  }
});
