import assert from 'node:assert/strict';
import { statfsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { StoreError } from '../../../src/ledger/index.ts';
import { type Server, startServer } from '../../../src/server/index.ts';
import { DISK_FULL, orderId, Town, temporaryFolder } from '../../hub/support/town.ts';
import { Client, codeOf, resultOf } from '../support/client.ts';
import { DiskSpace } from '../support/internals.ts';

const MIB = 1024 * 1024;
const NO_ROOM = 'FAIL: The server cannot write at the moment, try again later';

/** A disk of which the test says how much is free; undefined: it does not say. */
function disk(minFree?: number, size = 1024 * MIB): { room: DiskSpace; free: number | undefined } {
  const state: { room: DiskSpace; free: number | undefined } = {
    free: 100 * MIB,
    room: new DiskSpace('/books', minFree, () => {
      if (state.free === undefined) {
        throw new Error('ENOSYS');
      }
      return { size, free: state.free };
    }),
  };
  return state;
}

describe('the space that must stay free', () => {
  test('is told once when it runs out and once when it is there again', () => {
    const books = disk(64 * MIB);
    assert.deepEqual([books.room.check(), books.room.mayGrow], [undefined, true]);
    books.free = 64 * MIB - 1;
    assert.equal(
      books.room.check(),
      'payments and registrations are refused: 63 MiB are free on the disk of /books, and 64 MiB must be; make room there',
    );
    assert.deepEqual([books.room.check(), books.room.mayGrow], [undefined, false]);
    books.free = 64 * MIB;
    assert.equal(
      books.room.check(),
      'payments and registrations are taken again: 64 MiB are free on the disk of /books',
    );
    assert.deepEqual([books.room.check(), books.room.mayGrow], [undefined, true]);
  });

  test('is 64 MiB where nobody says anything, and a tenth of a small disk', () => {
    for (const [size, least] of [
      [1024 * MIB, 64 * MIB],
      [100 * MIB, 10 * MIB],
    ] as const) {
      const books = disk(undefined, size);
      books.free = least;
      books.room.check();
      assert.equal(books.room.mayGrow, true);
      books.free = least - 1;
      books.room.check();
      assert.equal(books.room.mayGrow, false);
    }
  });

  test('0 lets the books take everything', () => {
    const books = disk(0);
    books.free = 0;
    assert.deepEqual([books.room.check(), books.room.mayGrow], [undefined, true]);
  });

  test('a file system that does not say is taken for one with room', () => {
    const books = disk(64 * MIB);
    books.free = undefined;
    assert.deepEqual([books.room.check(), books.room.mayGrow], [undefined, true]);
  });

  test('a commit that finds none stops the next ones until the next look, and is told once until one succeeds', () => {
    const { room } = disk(64 * MIB);
    assert.equal(room.committed(), undefined);
    assert.match(room.failed('no space') ?? '', /^no space; payments and registrations are refused/);
    assert.equal(room.mayGrow, false);
    assert.equal(room.failed('no space'), undefined);
    assert.deepEqual([room.check(), room.mayGrow], [undefined, true]);
    assert.equal(room.failed('no space'), undefined);
    room.check();
    assert.match(room.committed() ?? '', /can be written again/);
    assert.equal(room.committed(), undefined);
  });
});

describe('a hub whose disk is as good as full', () => {
  test('refuses payments and registrations, and does everything else', async (t) => {
    const books = disk(64 * MIB);
    const town = await Town.open(t, { space: books.room });
    const alice = await town.member('alice');
    const bob = await town.member('bob');
    const paid = await town.run(alice.pay('bob', 5, 1));
    books.free = 0;
    books.room.check();
    const stranger = town.visitor();
    const outputs = await town.run(
      stranger.opened,
      stranger.ask('register', { name: 'carol' }),
      alice.pay('bob', 1, 2),
      alice.pay('bob', 5, 1),
      alice.ask('list', {}),
      alice.ask('history', {}),
      bob.ask('befriend', { name: 'alice' }),
    );
    assert.deepEqual(stranger.heard(outputs), [
      { type: 'refusal', conn: stranger.conn, id: 1, error: 'INTERNAL', text: NO_ROOM },
    ]);
    assert.deepEqual(alice.codes(outputs), [500, 100, 100, 100], 'an order of before still has its answer');
    assert.deepEqual(bob.codes(outputs), [100]);
    assert.equal(bob.told(paid).length + bob.told(outputs).length, 1);
    books.free = 100 * MIB;
    books.room.check();
    const after = await town.run(alice.pay('bob', 1, 2), stranger.ask('register', { name: 'carol' }));
    assert.deepEqual([...alice.codes(after), ...stranger.codes(after)], [100, 100]);
    assert.equal((await town.ledger.audit()).ok, true);
  });

  for (const failure of [DISK_FULL, new StoreError('io', 'the disk has a fault')]) {
    test(`after "${failure.message}" reading goes on in the next batch, and the operator hears of it once`, async (t) => {
      const { room } = disk(64 * MIB);
      const town = await Town.open(t, { space: room, events: false });
      const alice = await town.member('alice');
      await town.member('bob');
      town.commitError = failure;
      assert.deepEqual(
        alice.codes(await town.run(alice.pay('bob', 1, 1), alice.ask('list', {}))),
        [500, 500],
      );
      assert.deepEqual(
        alice.codes(await town.run(alice.pay('bob', 1, 1), alice.ask('list', {}))),
        [500, 100],
      );
      room.check();
      assert.deepEqual(alice.codes(await town.run(alice.pay('bob', 1, 1))), [500]);
      assert.equal(town.events.length, 1);
      town.commitError = undefined;
      room.check();
      assert.deepEqual(alice.codes(await town.run(alice.pay('bob', 1, 1))), [100]);
      assert.deepEqual(
        town.events.map((event) => (event.event === 'warning' ? event.text.split(',')[0] : event.event)),
        ['the ledger could not be written', 'the ledger can be written again'],
      );
    });
  }
});

describe('a server on a disk with too little space', () => {
  /** The first warning. */
  const warned = (server: Server): Promise<string> =>
    new Promise((resolve) => {
      server.on('event', (event) => {
        if (event.event === 'warning') {
          resolve(event.text);
        }
      });
    });

  test('says so, and refuses who comes with an error that says why', async (t) => {
    const dataDir = temporaryFolder(t);
    const { blocks, bsize } = statfsSync(dataDir);
    const server = await startServer({ dataDir, port: 0, host: '127.0.0.1', minFree: 2 * blocks * bsize });
    t.after(() => server.stop());
    assert.match(await warned(server), /^payments and registrations are refused: \d+ MiB are free/);
    const client = await Client.connect(server);
    const { error } = await client.ask('register', { name: 'alice' });
    assert.deepEqual(error, { code: 500, name: 'INTERNAL', text: NO_ROOM });
    await client.link.close();
  });

  test('takes payments with enough of it', async (t) => {
    const server = await startServer({ dataDir: temporaryFolder(t), port: 0, host: '127.0.0.1', minFree: 1 });
    t.after(() => server.stop());
    const alice = await Client.member(server, 'alice');
    const bob = await Client.member(server, 'bob');
    const answer = await alice.ask('pay', { to: 'bob', amount: 1, id: orderId(1) });
    assert.equal(codeOf(answer), 100);
    assert.ok(resultOf(answer)['transfer']);
    await Promise.all([alice.link.close(), bob.link.close()]);
  });
});
