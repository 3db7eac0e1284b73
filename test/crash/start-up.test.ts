// A server that finds something wrong with its books says what, why, and what to do next, ends with 1, and
// changes nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { Ledger, sqliteArchive } from '../../src/ledger/index.ts';
import { startServer } from '../../src/server/index.ts';
import { Leftovers, newFolder, Person, RunningServer } from '../support/programs.ts';
import { GRANT, PEOPLE, payBatch, populate } from './load.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const operator = new Person(leftovers);

const PAGE_BYTES = 4096;
const BATCHES = 20;
const BATCH = 40;

/** The folder of a server that has stopped, with a key and some hundred payments. */
async function dataFolder(): Promise<string> {
  const folder = newFolder(leftovers);
  const ledger = await Ledger.open(await sqliteArchive(join(folder, 'ledger.db')).open(), { grant: GRANT });
  await populate(ledger);
  for (let batch = 0; batch < BATCHES; batch += 1) {
    await payBatch(ledger, PEOPLE.length + 1 + batch * BATCH, BATCH);
  }
  await ledger.close();
  writeFileSync(join(folder, 'server.key'), `${'5a'.repeat(32)}\n`, { mode: 0o600 });
  return folder;
}

/** Leaves the ledger as a crash does, with these changes in its log alone. */
function leaveInLog(folder: string, statements: string): void {
  const path = join(folder, 'ledger.db');
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA wal_autocheckpoint = 0; ${statements}`);
  for (const suffix of ['', '-wal']) {
    copyFileSync(path + suffix, `${path}${suffix}.copy`);
  }
  database.close();
  for (const suffix of ['', '-wal']) {
    renameSync(`${path}${suffix}.copy`, path + suffix);
  }
}

function overwrite(path: string, from: number, bytes: Uint8Array): void {
  const content = readFileSync(path);
  content.set(bytes, from);
  writeFileSync(path, content);
}

/** Bytes that mean nothing. */
function noise(length: number): Uint8Array {
  return new Uint8Array(length).map((_, index) => (index * 167 + 13) % 251);
}

/** What every file holds. The lock and SQLite's index of its log hold nothing that is kept. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !/-(lock|shm)$/.test(name));
  return Object.fromEntries(
    names.map((name) => {
      const stats = statSync(join(folder, name), { throwIfNoEntry: false });
      return [name, stats?.isFile() ? hash('sha256', readFileSync(join(folder, name))) : 'no file'];
    }),
  );
}

interface Case {
  readonly what: string;
  readonly spoil: (folder: string, path: string) => void;
  readonly says: RegExp;
  readonly newBooks?: boolean;
}

const CASES: readonly Case[] = [
  {
    what: 'a key without books',
    spoil: (_, path) => rmSync(path),
    says: /ledger\.db is missing, but the server's key is there.*restore them.*--new-books/s,
  },
  {
    what: 'a log without its books, even where new ones are asked for',
    spoil: (folder, path) => {
      leaveInLog(folder, 'UPDATE account SET balance = balance');
      rmSync(path);
    },
    newBooks: true,
    says: /is damaged: .*ledger\.db-wal is there without it.*restore a backup/s,
  },
  {
    what: 'pages of noise',
    spoil: (_, path) => overwrite(path, 6 * PAGE_BYTES, noise(3 * PAGE_BYTES)),
    says: /the ledger .* is damaged.*restore a backup/s,
  },
  {
    what: 'pages of noise under a log that is in order',
    spoil: (folder, path) => {
      leaveInLog(folder, 'UPDATE account SET balance = balance');
      overwrite(path, 8 * PAGE_BYTES, noise(4 * PAGE_BYTES));
    },
    says: /the ledger .* is damaged/,
  },
  {
    what: 'a file that was cut',
    spoil: (_, path) => truncateSync(path, 5 * PAGE_BYTES + 100),
    says: /the ledger .* is damaged/,
  },
  { what: 'an empty file', spoil: (_, path) => truncateSync(path, 0), says: /is damaged: the file is empty/ },
  {
    what: 'a wrong header',
    spoil: (_, path) => overwrite(path, 0, noise(16)),
    says: /is not a ledger: it is not a SQLite database.*left as it is/s,
  },
  {
    what: "another program's database",
    spoil: (_, path) => overwrite(path, 68, Uint8Array.of(1, 2, 3, 4)),
    says: /is not a ledger: it is another program's database/,
  },
  {
    what: 'a text file',
    spoil: (_, path) => writeFileSync(path, 'Dear diary,\n'.repeat(20)),
    says: /is not a ledger: it is not a SQLite database/,
  },
  {
    what: 'a folder',
    spoil: (_, path) => {
      rmSync(path);
      mkdirSync(path);
    },
    says: /is not a ledger: it is a folder/,
  },
  {
    what: 'a pipe',
    spoil: (_, path) => {
      rmSync(path);
      assert.equal(spawnSync('mkfifo', [path]).status, 0);
    },
    says: /is not a ledger: it is a pipe/,
  },
  {
    what: 'a link to a disk that is not there',
    spoil: (folder, path) => {
      rmSync(path);
      symlinkSync(join(folder, 'unmounted', 'ledger.db'), path);
    },
    newBooks: true,
    says: /is a symbolic link to nothing; mount the disk/,
  },
  {
    what: 'a newer schema, in a log that a newer server left when it was killed',
    spoil: (folder) => leaveInLog(folder, 'PRAGMA user_version = 99'),
    says: /written by a later version of this program \(schema 99, known \d+\): use that version/,
  },
  {
    what: 'a key that is none, without books',
    spoil: (folder, path) => {
      rmSync(path);
      writeFileSync(join(folder, 'server.key'), 'no key\n');
    },
    says: /server\.key is not a server key/,
  },
];

describe('a server that does not start', { concurrency: 2 }, () => {
  for (const { what, spoil, says, newBooks } of CASES) {
    test(what, async () => {
      const folder = await dataFolder();
      spoil(folder, join(folder, 'ledger.db'));
      const before = contents(folder);
      const options = { dataDir: folder, host: '127.0.0.1', port: 0, workers: 1, newBooks };
      await assert.rejects(startServer(options), { name: 'ServerError', message: says });
      assert.deepEqual(contents(folder), before);
    });
  }

  test('as its operator sees it: a sentence on standard error, and status 1', async () => {
    const folder = await dataFolder();
    overwrite(join(folder, 'ledger.db'), 6 * PAGE_BYTES, noise(3 * PAGE_BYTES));
    const before = contents(folder);
    const { status, stdout, stderr } = await operator.serve('0', '--host', '127.0.0.1', '--data', folder)
      .ended;
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(
      stderr,
      /^farthing-server: the ledger .* is damaged: .*: it was left as it is; restore a backup.*\n$/,
    );
    assert.deepEqual(contents(folder), before);
  });

  test('while another one uses the same books', async () => {
    const folder = await dataFolder();
    await RunningServer.start(leftovers, folder);
    const { status, stderr } = await operator.serve('0', '--host', '127.0.0.1', '--data', folder).ended;
    assert.equal(status, 1);
    assert.match(stderr, /is in use by another program.*stop that program first/s);
  });

  test('while another program has locked the books', async () => {
    const folder = await dataFolder();
    const before = contents(folder);
    const other = new DatabaseSync(join(folder, 'ledger.db'));
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const starting = startServer({ dataDir: folder, host: '127.0.0.1', port: 0, workers: 1 });
    await assert.rejects(starting, {
      code: 'data_locked',
      message: /is in use by another program.*stop that/,
    });
    other.exec('ROLLBACK');
    other.close();
    assert.deepEqual(contents(folder), before);
  });

  test('as a user who may not use the files', async () => {
    const folder = await dataFolder();
    const program = join(import.meta.dirname, 'other-user.process.ts');
    for (const [name, mode] of [
      ['ledger.db', 0o400],
      ['ledger.db', 0o000],
      ['.', 0o555],
      ['.', 0o444],
    ] as const) {
      // As root, the test is played by nobody.
      chmodSync(folder, 0o777);
      chmodSync(join(folder, name), mode);
      const before = statSync(join(folder, name)).mtimeMs;
      const { stdout, stderr } = spawnSync(process.execPath, [program, join(folder, 'ledger.db')], {
        encoding: 'utf8',
      });
      assert.match(
        stdout,
        /^io: the ledger .* cannot be written: .* may not use .*(?:run as its owner|allow it with chmod)/,
        stderr,
      );
      assert.equal(statSync(join(folder, name)).mtimeMs, before);
      chmodSync(join(folder, name), 0o700);
    }
  });
});

describe('a server that starts', () => {
  test('with new books under an old key, where that is asked for', async () => {
    const folder = await dataFolder();
    rmSync(join(folder, 'ledger.db'));
    const server = operator.serve('0', '--host', '127.0.0.1', '--data', folder, '--json', '--new-books');
    await server.line('"listening"');
    server.kill('SIGTERM');
    assert.equal((await server.ended).status, 0);
    assert.equal(readFileSync(join(folder, 'server.key'), 'utf8'), `${'5a'.repeat(32)}\n`);
    const ledger = await Ledger.open(await sqliteArchive(join(folder, 'ledger.db')).open());
    assert.equal(ledger.accounts, 0);
    await ledger.close();
  });

  test('on a disk with less space than is to stay free, and says so', async () => {
    const words = ['--data', newFolder(leftovers), '--json', '--quiet', '--min-free', '999999999'];
    const server = operator.serve('0', '--host', '127.0.0.1', ...words);
    const warning: { text: string } = JSON.parse(await server.line('"warning"'));
    assert.match(warning.text, /^payments and registrations are refused: .*, and 999999999 MiB must be/);
    server.kill('SIGTERM');
    assert.equal((await server.ended).status, 0);
  });

  test('with the books that there are, whatever new ones are asked for', async () => {
    const folder = await dataFolder();
    const server = operator.serve('0', '--host', '127.0.0.1', '--data', folder, '--json', '--new-books');
    await server.line('"listening"');
    server.kill('SIGTERM');
    assert.equal((await server.ended).status, 0);
    const ledger = await Ledger.open(await sqliteArchive(join(folder, 'ledger.db')).open());
    assert.equal(ledger.accounts, PEOPLE.length);
    await ledger.close();
  });
});
