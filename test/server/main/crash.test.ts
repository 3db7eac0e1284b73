import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { Ledger, sqliteArchive } from '../../../src/ledger/index.ts';
import type { KeyPair } from '../../../src/link/index.ts';
import type { Transfer } from '../../../src/protocol/index.ts';
import { orderId, temporaryFolder } from '../../hub/support/town.ts';
import { Client, codeOf, resultOf, type Target } from '../support/client.ts';

const PROGRAM = join(import.meta.dirname, 'server.process.ts');

interface ServerProcess extends Target {
  readonly process: ChildProcess;
  /** Its exit status and the signal that ended it. */
  readonly exited: Promise<unknown[]>;
}

async function startProcess(t: TestContext, dataDir: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [PROGRAM, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { port, key } = JSON.parse(line) as { port: number; key: string };
  return { process: child, exited, port, key: new Uint8Array(Buffer.from(key, 'hex')) };
}

/** Orders 32 deep until the link breaks, with the server killed after so many answers. */
async function payUntilKilled(server: ServerProcess, alice: Client, firstId: number, answers: number) {
  const answered: number[] = [];
  let next = firstId;
  const payOn = async (): Promise<void> => {
    for (;;) {
      const id = next++;
      const answer = await alice.ask('pay', { to: 'bob', amount: 1, id: orderId(id) });
      assert.equal(codeOf(answer), 100);
      if (answered.push(id) === answers) {
        server.process.kill('SIGKILL');
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: 32 }, payOn));
  assert.ok(lanes.every(({ status }) => status === 'rejected'));
  await server.exited;
  return { answered, nextId: next };
}

async function wholeHistory(client: Client): Promise<Transfer[]> {
  const all: Transfer[] = [];
  for (;;) {
    const before = all.at(-1)?.seq;
    const page = resultOf(await client.ask('history', before === undefined ? {} : { before }))['transfers'];
    const transfers = page as Transfer[];
    if (transfers.length === 0) {
      return all;
    }
    all.push(...transfers);
  }
}

/** How often each order of alice to bob is in the history, by its number. */
function counts(history: readonly Transfer[]): Map<number, number> {
  const times = new Map<number, number>();
  for (const { id, from } of history) {
    const number = ((id[14] ?? 0) << 8) | (id[15] ?? 0);
    if (from === 'alice') {
      times.set(number, (times.get(number) ?? 0) + 1);
    }
  }
  return times;
}

async function login(server: Target, name: string, staticKeys: KeyPair): Promise<Client> {
  const client = await Client.connect(server, { staticKeys });
  assert.equal(codeOf(await client.ask('login', { name, port: 0 })), 100);
  return client;
}

test('kill -9 during a stream of payments: every answered one is there once, and asking again pays none twice', async (t) => {
  const dataDir = temporaryFolder(t);
  let server = await startProcess(t, dataDir);
  let alice = await Client.member(server, 'alice');
  let bob = await Client.member(server, 'bob');
  let nextId = 1;
  for (const answers of [1, 301]) {
    const first = nextId;
    const stream = await payUntilKilled(server, alice, first, answers);
    nextId = stream.nextId;
    assert.ok(stream.answered.length >= answers);

    server = await startProcess(t, dataDir);
    bob = await login(server, 'bob', bob.keys);
    alice = await login(server, 'alice', alice.keys);
    const found = counts(await wholeHistory(alice));
    for (const id of stream.answered) {
      assert.equal(found.get(id), 1, `order ${id} was answered`);
    }

    const ids = Array.from({ length: nextId - first }, (_, index) => first + index);
    const again = ids.map((id) => alice.ask('pay', { to: 'bob', amount: 1, id: orderId(id) }).then(codeOf));
    assert.ok((await Promise.all(again)).every((code) => code === 100));
    const after = counts(await wholeHistory(alice));
    assert.deepEqual(
      [...after.keys()].sort((a, b) => a - b),
      Array.from({ length: nextId - 1 }, (_, index) => index + 1),
    );
    assert.ok([...after.values()].every((times) => times === 1));
  }
  server.process.kill('SIGTERM');
  assert.deepEqual(await server.exited, [0, null]);

  const ledger = await Ledger.open(await sqliteArchive(join(dataDir, 'ledger.db')).open());
  t.after(() => ledger.close());
  const report = await ledger.audit();
  assert.deepEqual([report.ok, report.transfers], [true, nextId - 1 + 2]);
  assert.equal(ledger.account('bob')?.balance, 1_000_000 + nextId - 1);
});
