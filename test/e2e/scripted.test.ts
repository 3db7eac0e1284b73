import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Program } from '../support/program.ts';
import { Leftovers, Person, RunningServer } from '../support/programs.ts';

const HEX32 = /^[0-9a-f]{32}$/;
const ID = '0198c1de4f7a70008000000000000001';

const leftovers = new Leftovers();
after(() => leftovers.clear());
let server: RunningServer;
const alice = new Person(leftovers);
const bob = new Person(leftovers);

/** Runs a command that must succeed and say nothing on standard error. @returns its JSON document */
async function json(person: Person, ...words: string[]) {
  const { status, stdout, stderr } = await person.run(...words, '--json');
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.match(stdout, /^[^\n]+\n$/, 'one document, one line');
  return JSON.parse(stdout);
}

/** Runs a command that must be refused. @returns its JSON document */
async function refused(status: number, person: Person, ...words: string[]) {
  const outcome = await person.run(...words, '--json');
  assert.equal(outcome.status, status);
  const { error } = JSON.parse(outcome.stdout);
  assert.match(outcome.stderr, /^farthing: /);
  return error;
}

/** `farthing listen --json` that is ready. */
interface Listening {
  readonly program: Program;
  /** Its first document. */
  readonly ready: Record<string, unknown>;
  /** The next document of this kind. */
  event(name: string): Promise<Record<string, unknown>>;
}

async function listening(person: Person): Promise<Listening> {
  const program = person.start('listen', '--json');
  const event = async (name: string) => JSON.parse(await program.line(`"event":"${name}"`));
  return { program, event, ready: await event('listening') };
}

/** Ends it as Ctrl-C does. @returns its exit status */
async function interrupt({ program }: Listening): Promise<number | null> {
  program.kill('SIGINT');
  return (await program.ended).status;
}

describe('farthing for scripts', () => {
  before(async () => {
    server = await RunningServer.start(leftovers);
    for (const [person, name] of [
      [alice, 'alice'],
      [bob, 'bob'],
    ] as const) {
      const document = await json(person, 'register', name, ...server.flags);
      assert.deepEqual(document, {
        code: 100,
        text: '100 OK',
        name,
        server: `farthing://${server.endpoint}#${server.key}`,
      });
    }
  });

  test('register: the profile remembers name and server, and nothing else is needed from then on', async () => {
    assert.deepEqual(await alice.run('balance'), {
      status: 0,
      stdout: '10,000.00 dollars\n',
      stderr: '',
    });
  });

  test('register: a name is taken once', async () => {
    const error = await refused(1, bob, 'register', 'alice');
    assert.deepEqual(error, { code: 210, name: 'NAME_TAKEN', text: '210 FAIL' });
  });

  test('list: the balance and who is online', async () => {
    const { online, ...rest } = await json(alice, 'list');
    assert.deepEqual(rest, {
      name: 'alice',
      balance: '10000.00',
      balanceMinor: 1_000_000,
      currency: { name: 'dollars', scale: 2 },
    });
    assert.equal(online[0].name, 'alice');
    assert.equal(online[0].port, null);
    assert.match(online[0].key, /^[0-9a-f]{64}$/);
    const { stdout } = await alice.run('list');
    assert.match(stdout, /^Balance: 10,000\.00 dollars\nOnline: 1\nalice {2}- {2}-\n$/);
  });

  test('pay: the payee hears of it over a direct link, and the same id pays once', async () => {
    const listener = await listening(bob);
    assert.equal(listener.ready['name'], 'bob');
    assert.ok(Number(listener.ready['port']) > 0);

    const paid = await json(alice, 'pay', 'bob', '12.50', '--memo', 'lunch', '--id', ID);
    const { seq, at, ...payment } = paid;
    assert.deepEqual(payment, {
      id: ID,
      from: 'alice',
      to: 'bob',
      amount: '12.50',
      amountMinor: 1250,
      memo: 'lunch',
      balance: '9987.50',
      balanceMinor: 998_750,
      currency: { name: 'dollars', scale: 2 },
      delivered: 'directly',
    });
    const { event, delivered, ...heard } = await listener.event('paid');
    assert.equal(delivered, 'directly');
    assert.deepEqual(heard, {
      seq,
      at,
      id: ID,
      from: 'alice',
      to: 'bob',
      amount: '12.50',
      amountMinor: 1250,
      memo: 'lunch',
    });

    const again = await json(alice, 'pay', 'bob', '12.50', '--memo', 'lunch', '--id', ID);
    assert.equal(again.seq, seq);
    assert.equal(again.balanceMinor, 998_750);
    const other = await refused(1, alice, 'pay', 'bob', '13', '--id', ID);
    assert.equal(other.name, 'ID_REUSED');

    const human = await alice.run('pay', 'bob', '10');
    assert.equal(human.stdout, 'Paid bob 10 dollars\nBalance: 9,977.50 dollars\nbob was told directly\n');
    assert.match(String((await listener.event('paid'))['id']), HEX32);
    const quiet = await alice.run('pay', 'bob', '0.01', '-q');
    assert.deepEqual([quiet.status, quiet.stdout, quiet.stderr], [0, '', '']);

    assert.equal((await refused(1, alice, 'pay', 'bob', '1000000')).name, 'INSUFFICIENT_FUNDS');
    assert.equal((await refused(1, alice, 'pay', 'bob', '0')).name, 'BAD_AMOUNT');
    assert.equal(await interrupt(listener), 130);
  });

  test('pay --as: the same order by the same account pays once, whatever the profile remembers by then', async () => {
    const listener = await listening(bob);
    const dora = new Person(leftovers);
    await json(dora, 'register', 'dora', ...server.flags);
    const first = await json(dora, 'pay', 'bob', '7', '--id', ID);
    assert.equal(first.from, 'dora');
    await dora.run('register', 'dora.two');

    const again = await json(dora, 'pay', 'bob', '7', '--id', ID, '--as', 'Dora');
    assert.deepEqual(again, { ...first, delivered: again.delivered });
    assert.equal((await json(dora, 'whoami')).name, 'dora.two');
    assert.equal((await json(dora, 'balance')).balance, '10000.00');
    await interrupt(listener);
  });

  test('pay --as: only an account of this key', async () => {
    for (const [person, name] of [
      [alice, 'bob'],
      [alice, 'nobody'],
      [new Person(leftovers), 'alice'],
    ] as const) {
      const { status, stdout, stderr } = await person.run('pay', 'bob', '7', '--as', name, ...server.flags);
      assert.deepEqual([status, stdout], [4, '']);
      const sentence = `${name} is not registered at ${server.endpoint}, or belongs to another key there.`;
      assert.ok(stderr.endsWith(`farthing: 220 AUTH_FAIL\n${sentence}\n`), stderr);
    }
    assert.equal((await refused(2, alice, 'pay', 'bob', '7', '--as', '7')).name, 'USAGE');
    assert.equal((await refused(2, alice, 'balance', '--as', 'alice')).text, 'balance takes no --as');
  });

  test('pay: nobody who is not online, not there, or oneself', async () => {
    assert.deepEqual(await refused(1, alice, 'pay', 'bob', '1'), {
      code: 311,
      name: 'PAYEE_OFFLINE',
      text: 'FAIL: Payee is not online',
    });
    assert.equal((await refused(1, alice, 'pay', 'nobody', '1')).name, 'PAYEE_UNKNOWN');
    assert.equal((await refused(1, alice, 'pay', 'alice', '1')).name, 'PAYEE_SELF');
    const { stdout, stderr } = await alice.run('pay', 'bob', '1');
    assert.deepEqual([stdout, stderr], ['', 'farthing: FAIL: Payee is not online\n']);
  });

  test('history: newest first, as many as asked for, from where a list ended', async () => {
    const { name, transfers } = await json(alice, 'history');
    assert.equal(name, 'alice');
    assert.ok(transfers.length >= 4);
    assert.ok(transfers[0].seq > transfers[1].seq);
    const [newest] = (await json(alice, 'history', '--limit', '1')).transfers;
    assert.deepEqual(newest, transfers[0]);
    const [next] = (await json(alice, 'history', '-n', '1', '--before', String(newest.seq))).transfers;
    assert.deepEqual(next, transfers[1]);
    const { stdout } = await alice.run('history');
    assert.match(stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d {7}-0\.01 {2}to bob$/m);
    assert.match(stdout, /\+10,000\.00 {2}from issuer\n$/);
  });

  test('befriend, friends, unfriend: asked, asking, friend, and over', async () => {
    const listener = await listening(bob);
    assert.deepEqual(await json(alice, 'befriend', 'Bob'), { name: 'bob', state: 'asked' });
    assert.deepEqual(await listener.event('friend'), { event: 'friend', name: 'alice', state: 'asking' });
    assert.deepEqual((await json(alice, 'friends')).friends, [{ name: 'bob', online: true, state: 'asked' }]);
    await interrupt(listener);
    assert.deepEqual((await json(bob, 'friends')).friends, [
      { name: 'alice', online: false, state: 'asking' },
    ]);
    assert.deepEqual(await json(bob, 'befriend', 'alice'), { name: 'alice', state: 'friend' });
    const { stdout } = await alice.run('friends');
    assert.equal(stdout, 'bob  offline  friend\n');
    assert.deepEqual(await json(alice, 'unfriend', 'bob'), { name: 'bob' });
    assert.deepEqual((await json(bob, 'friends')).friends, []);
    assert.equal((await refused(1, alice, 'befriend', 'nobody')).name, 'PAYEE_UNKNOWN');
  });

  test('say: over a direct link, made printable where a person reads it', async () => {
    const listener = await listening(bob);
    const text = 'hello\u202e\u001b[2J';
    assert.deepEqual(await json(alice, 'say', 'bob', text), { to: 'bob', text });
    assert.deepEqual(await listener.event('message'), { event: 'message', from: 'alice', text });
    await interrupt(listener);

    const program = bob.start('listen');
    await program.line('bob is online');
    await alice.run('say', 'bob', text, 'and', 'more');
    assert.equal(await program.line('alice:'), 'alice: hello\\u{202e}\\u{1b}[2J and more');
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 143);

    assert.equal((await refused(1, alice, 'say', 'bob', 'x')).name, 'PEER_OFFLINE');
    const { stderr } = await alice.run('say', 'bob', 'x');
    assert.equal(stderr, 'farthing: bob is not online\n');
  });

  test('listen: another login of the same account ends it', async () => {
    const listener = await listening(bob);
    await bob.run('balance');
    assert.equal((await listener.event('kicked'))['event'], 'kicked');
    assert.equal((await listener.program.ended).status, 4);
  });

  test('whoami asks nobody', async () => {
    const document = await json(alice, 'whoami', '--server', '127.0.0.1:1');
    assert.match(document.key, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      { ...document, key: '' },
      { name: 'alice', profile: 'default', key: '', server: '127.0.0.1:1' },
    );
    const fresh = await json(alice, 'whoami', '--profile', 'new', ...server.flags);
    assert.match(fresh.key, /^[0-9a-f]{64}$/);
    assert.notEqual(fresh.key, document.key);
    assert.deepEqual(fresh, { name: null, profile: 'new', key: fresh.key, server: server.endpoint });
    assert.deepEqual(await json(alice, 'whoami', '--profile', 'new', ...server.flags), fresh);
  });

  test('profiles are different people', async () => {
    const error = await refused(4, alice, 'balance', '--profile', 'work');
    assert.deepEqual([error.code, error.name], [null, 'NO_ACCOUNT']);
    await json(alice, 'register', 'alice.work', '--profile', 'work', ...server.flags);
    assert.equal((await json(alice, 'balance', '--profile', 'work')).name, 'alice.work');
    assert.equal((await json(alice, 'balance')).name, 'alice');
  });

  test('the environment names the server where no option does', async () => {
    const carol = new Person(leftovers, { FARTHING_SERVER: `farthing://${server.endpoint}#${server.key}` });
    await json(carol, 'register', 'carol');
    assert.equal((await json(carol, 'whoami')).server, server.endpoint);
  });

  test('both suites and both backends', async () => {
    for (const suite of ['xx', 'XXhfs']) {
      for (const backend of ['noble', 'native']) {
        const { balance } = await json(alice, 'balance', '--suite', suite, '--backend', backend);
        assert.match(balance, /^99\d\d\./);
      }
    }
  });
});
