import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { Operation } from '../../../src/ledger/index.ts';
import { Administration } from '../../../src/operator/index.ts';
import { type Server, startServer } from '../../../src/server/index.ts';
import { temporaryFolder } from '../../hub/support/town.ts';
import { Client, codeOf } from '../support/client.ts';

const LOCAL = { host: '127.0.0.1', port: 0, workers: 1 };
const freeze = (name: string): Operation => ({ kind: 'freeze', name, reason: 'stolen' });

async function start(
  t: TestContext,
  dataDir = temporaryFolder(t),
): Promise<{ server: Server; dataDir: string }> {
  const server = await startServer({ ...LOCAL, dataDir });
  t.after(() => server.stop());
  return { server, dataDir };
}

/** The text of the first warning that contains this. */
function warning(server: Server, what: string): Promise<string> {
  return new Promise((resolve) => {
    server.on('event', (event) => {
      if (event.event === 'warning' && event.text.includes(what)) {
        resolve(event.text);
      }
    });
  });
}

describe('a server and its operator', () => {
  test('what the operator does is seen by members at once', async (t) => {
    const { server, dataDir } = await start(t);
    const operator = new Administration(dataDir);
    const [alice, bob] = [await Client.member(server, 'alice'), await Client.member(server, 'bob')];
    const pay = { to: 'bob', amount: 1, memo: '' };
    assert.equal(codeOf(await alice.ask('pay', { ...pay, id: new Uint8Array(16) })), 100);
    const outcome = await operator.operate(freeze('alice'), 0);
    assert.equal(outcome.status, 'ok');
    assert.match(String((await alice.heard('notice'))['text']), /frozen/);
    const refused = await alice.ask('pay', { ...pay, id: new Uint8Array(16).fill(1) });
    assert.deepEqual(
      [refused.error?.code, refused.error?.text],
      [400, "FAIL: This account is frozen; ask the server's operator"],
    );
    const id = new Uint8Array(16).fill(2);
    await operator.operate({ kind: 'issue', name: 'bob', amount: 5, id, reason: 'cash' }, 0);
    const { told } = bob;
    while (told.filter(([method]) => method === 'paid').length < 2) {
      await once(bob.link, 'message');
    }
    const { payments, transfers, online, refusing } = await operator.status();
    assert.deepEqual([payments, transfers, online, refusing], [1, 4, 2, null]);
    await Promise.all([alice.link.close(), bob.link.close()]);
  });

  test('operations that were asked for before a stop are answered, and on disk', async (t) => {
    const { server, dataDir } = await start(t);
    const operator = new Administration(dataDir);
    const alice = await Client.member(server, 'alice');
    const ids = Array.from({ length: 10 }, (_, index) => new Uint8Array(16).fill(index));
    const issued = ids.map((id) =>
      operator.operate({ kind: 'issue', name: 'alice', amount: 1, id, reason: 'cash' }, 0),
    );
    await Promise.race(issued);
    await server.stop();
    const outcomes = await Promise.allSettled(issued);
    // One that came too late has not happened, or has, on the books themselves; never half.
    const done = outcomes.filter((one) => one.status === 'fulfilled' && one.value.status === 'ok').length;
    assert.ok(done >= 1);
    await alice.closed;
    const account = await operator.account('alice');
    assert.ok(account !== undefined && account.balance >= 1_000_000 + done);
    for (const id of ids) {
      const { status } = await operator.operate(
        { kind: 'issue', name: 'alice', amount: 1, id, reason: 'cash' },
        0,
      );
      assert.ok(status === 'ok' || status === 'exists', status);
    }
    assert.equal((await operator.account('alice'))?.balance, 1_000_000 + ids.length);
  });

  test('a server whose folder others may read serves without, and says so', async (t) => {
    const dataDir = temporaryFolder(t);
    chmodSync(dataDir, 0o755);
    const { server } = await start(t, dataDir);
    assert.match(await warning(server, 'commands cannot reach'), /chmod 700/);
    assert.equal(existsSync(join(dataDir, 'control.sock')), false);
    await assert.rejects(new Administration(dataDir).operate(freeze('alice'), 0), {
      code: 'data_locked',
      message: /nobody answers on .*control\.sock/,
    });
    const alice = await Client.member(server, 'alice');
    await alice.link.close();
  });

  test('so does one whose path is too long for a socket', async (t) => {
    const dataDir = join(temporaryFolder(t), 'd'.repeat(100));
    mkdirSync(dataDir, { mode: 0o700 });
    const { server } = await start(t, dataDir);
    assert.match(await warning(server, 'commands cannot reach'), /is longer than the 10[37] bytes/);
    assert.equal((await server.status()).accounts, 0);
  });
});
