/**
 * A server on a small disk: `node disk-full.process.ts FOLDER`, where FOLDER is a file system of its own.
 * First the space that must stay free runs out, then all of it; both times there is room again afterwards.
 * Last it may be read only. Prints what happened.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newOrderId, RefusedError, Wallet } from '../../src/client/index.ts';
import { generateKeyPair } from '../../src/link/index.ts';
import type { Program } from '../support/program.ts';
import { Leftovers, Person } from '../support/programs.ts';

const MIB = 1024 * 1024;
/** MiB that the first server is to leave free. */
const MIN_FREE_MIB = 8;
/** Tries before a disk that is full must have been noticed: the log may still have room for some payments. */
const MAX_TRIES = 5_000;

const [folder = ''] = process.argv.slice(2);
const data = join(folder, 'data');
const ballast = join(folder, 'ballast');
const leftovers = new Leftovers();
const operator = new Person(leftovers);
const keys = { alice: generateKeyPair(), bob: generateKeyPair() };

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Leaves so many bytes free. */
function fill(left: number): void {
  const file = openSync(ballast, 'a');
  const bytes = Buffer.alloc(4096, 1);
  try {
    while (freeBytes() > left) {
      writeSync(file, bytes);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) {
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

interface Scene {
  readonly server: Program;
  readonly alice: Wallet;
  readonly bob: Wallet;
  readonly port: number;
  readonly serverKey: Uint8Array;
}

async function open(minFree: number): Promise<Scene> {
  const words = [
    '0',
    '--host',
    '127.0.0.1',
    '--data',
    data,
    '--json',
    '--quiet',
    '--min-free',
    String(minFree),
  ];
  const server = operator.serve(...words);
  const { port, key }: { port: number; key: string } = JSON.parse(await server.line('"listening"'));
  const serverKey = new Uint8Array(Buffer.from(key, 'hex'));
  const enter = async (name: 'alice' | 'bob'): Promise<Wallet> => {
    const wallet = await Wallet.connect({
      host: '127.0.0.1',
      port,
      serverKey,
      identity: keys[name],
      reconnect: false,
    });
    await wallet.register(name).catch((error: unknown) => assert.ok(error instanceof RefusedError));
    await wallet.login(name);
    return wallet;
  };
  return { server, alice: await enter('alice'), bob: await enter('bob'), port, serverKey };
}

async function close({ server, alice, bob }: Scene): Promise<void> {
  await Promise.all([alice.close(), bob.close()]);
  server.kill('SIGTERM');
  assert.equal((await server.ended).status, 0);
}

function isRefusal(error: unknown): boolean {
  return error instanceof RefusedError && error.code === 500 && /cannot write/.test(error.message);
}

/** What does not write goes on. */
async function assertReadable({ alice }: Scene, balance: number): Promise<void> {
  assert.equal((await alice.list()).balance, balance);
  assert.ok((await alice.history()).length > 0);
}

async function runLow(): Promise<void> {
  const scene = await open(MIN_FREE_MIB);
  const { server, alice, port, serverKey } = scene;
  const id = newOrderId();
  const { balance } = await alice.pay('bob', 1, { id });
  fill((MIN_FREE_MIB / 2) * MIB);
  assert.match(await server.line('"warning"'), /are refused: \d MiB are free/);
  const before = freeBytes();
  await assert.rejects(alice.pay('bob', 1), isRefusal);
  await assertReadable(scene, balance);
  assert.equal((await alice.pay('bob', 1, { id })).balance, balance, 'an order of before is still answered');
  const carol = await Wallet.connect({
    host: '127.0.0.1',
    port,
    serverKey,
    identity: generateKeyPair(),
    reconnect: false,
  });
  await assert.rejects(carol.register('carol'), isRefusal);
  assert.equal(freeBytes(), before, 'nothing was written');
  rmSync(ballast);
  assert.match(await server.line('"warning"'), /are taken again/);
  await carol.register('carol');
  await alice.pay('bob', 1);
  await carol.close();
  await close(scene);
  console.log(`under ${MIN_FREE_MIB} MiB free: refused before the disk was full, read on, taken again`);
}

async function runOut(): Promise<void> {
  const scene = await open(0);
  const { server, alice } = scene;
  let { balance } = await alice.list();
  fill(0);
  let paid = 0;
  for (; paid < MAX_TRIES; paid += 1) {
    try {
      ({ balance } = await alice.pay('bob', 1, { memo: 'm'.repeat(200) }));
    } catch (error) {
      assert.ok(isRefusal(error), String(error));
      break;
    }
  }
  assert.ok(paid < MAX_TRIES, 'the disk is full');
  assert.match(await server.line('"warning"'), /no space is left/);
  await assertReadable(scene, balance);
  rmSync(ballast);
  for (let tries = 0; ; tries += 1) {
    try {
      const { balance: after } = await alice.pay('bob', 1);
      assert.equal(after, balance - 1, 'what was refused was not paid');
      break;
    } catch (error) {
      assert.ok(isRefusal(error) && tries < MAX_TRIES, String(error));
    }
  }
  assert.match(await server.line('"warning"'), /can be written again/);
  await close(scene);
  console.log(`on a full disk: refused after ${paid} payments, read on, paid again`);
}

/** Not even the index of a log has a place. */
async function startFull(): Promise<void> {
  fill(0);
  const { status, stderr } = await operator.serve('0', '--host', '127.0.0.1', '--data', data).ended;
  assert.equal(status, 1);
  assert.match(stderr, /make room on its disk, then start again/);
  rmSync(ballast);
  console.log('at a start on a full disk: does not start');
}

/** What a kernel makes of a disk with a fault: it can be read, and that is all. */
async function runReadOnly(): Promise<void> {
  assert.equal(spawnSync('mount', ['-o', 'remount,ro', folder]).status, 0);
  const words = ['0', '--host', '127.0.0.1', '--data', data];
  const { status, stderr } = await operator.serve(...words).ended;
  assert.equal(status, 1);
  assert.match(stderr, /is on a read-only file system; mount it for writing/);
  assert.equal(spawnSync('mount', ['-o', 'remount,rw', folder]).status, 0);
  console.log('on a read-only disk: does not start');
}

try {
  await runLow();
  await runOut();
  await startFull();
  await runReadOnly();
  const { status, stdout } = await operator.serve('audit', '--data', data).ended;
  assert.equal(status, 0, stdout);
  console.log('the books are in order');
} finally {
  await leftovers.clear();
}
