// The programs of this folder, each with somebody on the other side.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateKeyPair, Wallet } from '../../src/index.ts';
import { Program } from '../support/program.ts';
import { Leftovers, newFolder, Person, RunningServer } from '../support/programs.ts';

const ROOT = join(import.meta.dirname, '../..');
const FROM_SOURCE = join(import.meta.dirname, 'support/from-source.ts');
const leftovers = new Leftovers();
after(() => leftovers.clear());

let books: string;
let server: RunningServer;
let address: string;

before(async () => {
  books = newFolder(leftovers);
  server = await RunningServer.start(leftovers, books);
  address = `farthing://${server.endpoint}#${server.key}`;
});

/** Starts a program of this folder as somebody would who has installed the package. */
function start(name: string, ...words: readonly string[]): Program {
  const { env } = new Person(leftovers);
  const program = new Program(['--import', FROM_SOURCE, join(import.meta.dirname, name), ...words], env);
  leftovers.after(async () => {
    program.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

async function connect(): Promise<Wallet> {
  const serverKey = Buffer.from(server.key, 'hex');
  const where = { host: '127.0.0.1', port: server.port, serverKey };
  const wallet = await Wallet.connect({ ...where, identity: generateKeyPair() });
  leftovers.after(() => wallet.close());
  return wallet;
}

/** Somebody who takes direct links. */
async function member(name: string): Promise<Wallet> {
  const wallet = await connect();
  await wallet.register(name);
  await wallet.login(name, { listen: { host: '127.0.0.1', port: 0 } });
  return wallet;
}

async function ends(program: Program): Promise<void> {
  program.kill('SIGTERM');
  const { status, stderr } = await program.ended;
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
}

test('pay-bot.ts pays once who writes to it, and is itself again after a restart', async () => {
  const keyFile = join(newFolder(leftovers), 'bot.key');
  const first = start('pay-bot.ts', address, keyFile);
  await first.line('bot is here');
  const ann = await member('ann');
  const paid = new Promise((resolve) => ann.once('paid', ({ transfer }) => resolve(transfer)));
  await ann.say('bot', 'hello');
  const { from, amount, memo } = (await paid) as { from: string; amount: number; memo: string };
  assert.deepEqual({ from, amount, memo }, { from: 'bot', amount: 100, memo: 'from the bot' });
  assert.equal(await first.line('paid'), 'paid ann, 999900 left');
  const answer = new Promise((resolve) => ann.once('said', resolve));
  await ann.say('bot', 'and again');
  assert.deepEqual(await answer, { from: 'bot', text: 'One coin for each is all there is.' });
  await ends(first);

  const second = start('pay-bot.ts', address, keyFile);
  await second.line('bot is here');
  await ends(second);
});

test('kiosk.ts shows what is paid to it', async () => {
  const identity = generateKeyPair();
  const keyFile = join(newFolder(leftovers), 'kiosk.key');
  writeFileSync(keyFile, identity.secretKey);
  const owner = await Wallet.connect({
    host: '127.0.0.1',
    port: server.port,
    serverKey: Buffer.from(server.key, 'hex'),
    identity,
  });
  await owner.register('kiosk');
  await owner.close();

  const kiosk = start('kiosk.ts', address, keyFile, 'kiosk');
  await kiosk.line('kiosk is open');
  const ben = await member('ben');
  await ben.pay('kiosk', 250, { memo: 'tea' });
  assert.equal(await kiosk.line('ben paid'), 'ben paid 2.50 dollars for "tea", together 2.50 dollars');
  await ben.pay('kiosk', 1000, { memo: '\u001b[2J' });
  assert.equal(
    await kiosk.line('ben paid'),
    'ben paid 10.00 dollars for "\\u001b[2J", together 12.50 dollars',
  );
  await ends(kiosk);
});

test('echo.ts says back what another echo.ts says to it', async () => {
  const listener = start('echo.ts');
  const [port = '', key = ''] = (await listener.line(' ')).split(' ');
  const asked = await start('echo.ts', port, key, 'is', 'there', 'anybody').ended;
  assert.deepEqual(asked, { status: 0, stdout: 'is there anybody\n', stderr: '' });
  assert.equal(await listener.line('closed'), 'closed');
  const wrong = await start('echo.ts', port, '11'.repeat(32), 'hello').ended;
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /wrong_key/);
});

test('close-of-day.sh checks, copies and sums up the books, beside a server and without one', async () => {
  const { env } = new Person(leftovers);
  // As if it were installed.
  const bin = newFolder(leftovers);
  const program = join(ROOT, 'src/cli/bin/farthing-server.ts');
  writeFileSync(join(bin, 'farthing-server'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
    mode: 0o755,
  });
  const path = [bin, join(process.execPath, '..'), process.env['PATH']].join(delimiter);
  const backups = newFolder(leftovers);
  const run = (data: string) =>
    spawnSync(join(import.meta.dirname, 'close-of-day.sh'), [data, backups], {
      env: { ...env, PATH: path },
      encoding: 'utf8',
    });

  const beside = run(books);
  assert.deepEqual([beside.status, beside.stderr], [0, '']);
  assert.match(beside.stdout, /^\d{4}-\d\d-\d\d: \d+ accounts, \d+ transfers, \d+\.00 in circulation\n$/);
  const [backup = '', csv = ''] = readdirSync(backups).toSorted();
  assert.match(backup, /^\d{4}-\d\d-\d\d\.backup$/);
  assert.match(readFileSync(join(backups, csv), 'utf8'), /^seq,time,from,to,/);

  const without = run(newFolder(leftovers));
  assert.equal(without.status, 1);
  assert.match(without.stderr, /no server runs/);
  assert.match(without.stderr, /no backup was made/);
});
