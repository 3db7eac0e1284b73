// SIGTERM at every bad moment: a server that ends in good order keeps its promises, and one that is hurried
// keeps them too.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Ledger, sqliteArchive } from '../../../src/ledger/index.ts';
import { LinkError } from '../../../src/link/index.ts';
import { encodeRequest } from '../../../src/protocol/index.ts';
import { orderId } from '../../hub/support/town.ts';
import type { Outcome, Program } from '../../support/program.ts';
import { newFolder, Person } from '../../support/programs.ts';
import { Client, codeOf, type Target } from '../support/client.ts';

/**
 * When systemd would kill it, by the unit that `farthing-server unit` makes. A server that hangs fails here.
 */
const KILLED_AFTER_MS = 20_000;

const PAYERS = 6;
/** Orders under way on each link. */
const DEPTH = 32;

function start(t: TestContext, folder: string): Program {
  return new Person(t).serve('0', '--host', '127.0.0.1', '--data', folder, '--json', '-q', '--no-rates');
}

async function targetOf(program: Program): Promise<Target> {
  const { port, key } = JSON.parse(await program.line('"listening"')) as { port: number; key: string };
  return { port, key: new Uint8Array(Buffer.from(key, 'hex')) };
}

/** People who pay bob as fast as they can, until their links end. */
class Crowd {
  /** Every order that was answered with 100, by its number. */
  readonly answered: number[] = [];
  readonly payers: Client[] = [];
  /** How each payer's last orders ended. */
  readonly #lanes: Promise<unknown>[] = [];
  #next = 0;
  #enough = Promise.withResolvers<void>();

  static async gather(server: Target): Promise<Crowd> {
    const crowd = new Crowd();
    await Client.member(server, 'bob');
    for (let payer = 0; payer < PAYERS; payer++) {
      crowd.payers.push(await Client.member(server, `payer${payer}`));
    }
    return crowd;
  }

  /** Resolves once so many orders were answered; they go on. */
  async pay(atLeast: number): Promise<void> {
    for (const payer of this.payers) {
      for (let lane = 0; lane < DEPTH; lane++) {
        const orders = this.#payOn(payer, atLeast);
        orders.catch(() => {});
        this.#lanes.push(orders);
      }
    }
    await this.#enough.promise;
  }

  /** How the links of the payers ended: an error each, or undefined after CLOSE from both sides. */
  async ended(): Promise<(LinkError | undefined)[]> {
    for (const { status } of await Promise.allSettled(this.#lanes)) {
      assert.equal(status, 'rejected');
    }
    return Promise.all(this.payers.map(({ closed }) => closed));
  }

  async #payOn(payer: Client, atLeast: number): Promise<never> {
    for (;;) {
      const order = this.#next++;
      const answer = await payer.ask('pay', { to: 'bob', amount: 1, id: orderId(order) });
      assert.equal(codeOf(answer), 100);
      if (this.answered.push(order) === atLeast) {
        this.#enough.resolve();
      }
    }
  }
}

/** Somebody who asks for more than fits on the way, and reads nothing of it. */
async function neverReads(server: Target, name: string): Promise<Client> {
  const client = await Client.member(server, name);
  client.link.pause();
  for (let id = 100; id < 2_100; id++) {
    client.link.send(encodeRequest(id, 'history', {}));
  }
  return client;
}

/** How it ends after a signal. Throws when it has to be killed. */
async function endOf(program: Program): Promise<Outcome> {
  let hung = false;
  const kill = setTimeout(() => {
    hung = true;
    program.kill('SIGKILL');
  }, KILLED_AFTER_MS);
  const outcome = await program.ended;
  clearTimeout(kill);
  assert.ok(!hung, 'it ends by itself');
  return outcome;
}

/** Every answered order is there once, and the books are in order. */
async function assertKept(folder: string, answered: readonly number[]): Promise<void> {
  const ledger = await Ledger.open(await sqliteArchive(join(folder, 'ledger.db')).open());
  try {
    const times = new Map<string, number>();
    for (let before: number | undefined; ; ) {
      const page = await ledger.history('bob', before, 100);
      if (page.length === 0) {
        break;
      }
      for (const { id } of page) {
        times.set(hex(id), (times.get(hex(id)) ?? 0) + 1);
      }
      before = page.at(-1)?.seq;
    }
    const wrong = answered.filter((order) => times.get(hex(orderId(order))) !== 1);
    assert.deepEqual(wrong, []);
    const { ok, problems } = await ledger.audit();
    assert.deepEqual([ok, problems], [true, []]);
  } finally {
    await ledger.close();
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('SIGTERM', () => {
  test('under load, with some who never read: answers what it took, closes every link in good order, exits 0', async (t) => {
    const folder = newFolder(t);
    const program = start(t, folder);
    const server = await targetOf(program);
    const crowd = await Crowd.gather(server);
    const deaf = await Promise.all(['deaf1', 'deaf2', 'deaf3'].map((name) => neverReads(server, name)));
    await crowd.pay(2_000);
    program.kill('SIGTERM');
    assert.deepEqual(await crowd.ended(), new Array(PAYERS).fill(undefined), 'CLOSE from both sides');
    const { status, stdout, stderr } = await endOf(program);
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').event, 'stopped');
    for (const { link, closed } of deaf) {
      link.resume();
      // One who reads nothing hears nothing of a CLOSE either.
      assert.ok([undefined, 'truncated'].includes((await closed)?.code));
    }
    await assertKept(folder, crowd.answered);
  });

  test('twice ends it at once; what was answered is on disk all the same', async (t) => {
    const folder = newFolder(t);
    const program = start(t, folder);
    const server = await targetOf(program);
    const crowd = await Crowd.gather(server);
    const deaf = await neverReads(server, 'deaf');
    await crowd.pay(1_000);
    program.kill('SIGTERM');
    // It is stopping when the first link ends; whoever never reads keeps it from being done.
    await Promise.race(crowd.payers.map(({ closed }) => closed));
    program.kill('SIGTERM');
    const { status } = await endOf(program);
    assert.equal(status, 143);
    await crowd.ended();
    deaf.link.destroy();
    await assertKept(folder, crowd.answered);
  });

  test('during the start leaves a folder that the next start takes', async (t) => {
    const folder = newFolder(t);
    for (const ms of [0, 60, 120, 180, 240, 300, 400]) {
      const program = start(t, folder);
      setTimeout(() => program.kill('SIGTERM'), ms);
      const { status, stderr } = await endOf(program);
      // Null: before the program had got to the point where it listens to signals.
      assert.ok(status === 0 || status === null, `${status}: ${stderr}`);
      assert.equal(stderr, '');
    }
    const program = start(t, folder);
    await Client.member(await targetOf(program), 'alice');
    program.kill('SIGTERM');
    assert.equal((await endOf(program)).status, 0);
  });

  test('during a flood of handshakes: exits 0, and each of them ends with an error that says so', async (t) => {
    const folder = newFolder(t);
    const program = start(t, folder);
    const server = await targetOf(program);
    await Client.member(server, 'bob');
    const silent = Array.from({ length: 50 }, () => connect(server.port, '127.0.0.1').on('error', () => {}));
    const gone = silent.map((socket) => new Promise((resolve) => socket.resume().on('close', resolve)));
    let handshakes = 0;
    const flood = Array.from({ length: 12 }, async () => {
      for (;;) {
        const { link } = await Client.connect(server, { suite: 'XX' });
        handshakes += 1;
        if (handshakes === 60) {
          program.kill('SIGTERM');
        }
        if (handshakes % 3 > 0) {
          link.destroy();
        }
      }
    });
    for (const lane of await Promise.allSettled(flood)) {
      assert.ok(lane.status === 'rejected' && lane.reason instanceof LinkError, String(lane));
    }
    const { status, stderr } = await endOf(program);
    assert.deepEqual([status, stderr], [0, '']);
    await Promise.all(gone);
    await assertKept(folder, []);
  });
});
