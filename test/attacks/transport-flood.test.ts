// Transport: more connections than there is room for.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeFrame, encodePrelude } from '../link/support/internals.ts';
import { Leftovers } from '../support/programs.ts';
import { Flood } from './support/flood.ts';
import { MANY_ADDRESSES, Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());

const linux = { skip: MANY_ADDRESSES ? false : 'needs many loopback addresses, and /proc' };

/** Connections of a flood: each takes a descriptor here and one in the server. */
const CROWD = 10_000;

/**
 * Prelude and message 1, whose ephemeral key is a point like any other: the server has to answer, at its
 * expense.
 */
const OPENING = Buffer.concat([encodePrelude('XX', 'server'), encodeFrame(new Uint8Array(32).fill(9))]);

/** How long the server may take until its memory is what it was: its garbage is collected when it likes. */
const QUIET_MS = 60_000;

const target = await Target.start(leftovers);
const { witness } = target;
for (let each = 0; each < 200; each++) {
  await witness.pays();
}
const before = MANY_ADDRESSES ? target.residentBytes() : 0;

describe(`transport: ${CROWD} connections`, { ...linux, concurrency: true }, () => {
  for (const [name, from, bytes] of [
    ['silent ones, each from another address', 'many', new Uint8Array(0)],
    ['each from another address, with message 1', 'many', OPENING],
    ['all from one address, with message 1', '127.8.8.8', OPENING],
  ] as const) {
    test(`${name}: the server ends them all`, () =>
      witness.through(async () => {
        const flood = new Flood(leftovers, target, { count: CROWD, from, bytes });
        await flood.here;
        await witness.pays();
        assert.equal((await flood.over).over, CROWD);
      }));
  }
});

test('10000 connections from one address: somebody from another comes in all the while', linux, () =>
  witness.through(async () => {
    const flood = new Flood(leftovers, target, { count: CROWD, from: '127.8.8.9', bytes: OPENING });
    await flood.here;
    await witness.newcomer();
    await flood.drain();
  }),
);

test("10000 connections: the server's memory returns to within 20 % of before", linux, () =>
  witness.through(async () => {
    const deadline = performance.now() + QUIET_MS;
    while (target.residentBytes() > 1.2 * before && performance.now() < deadline) {
      await pause(500);
    }
    const now = target.residentBytes();
    assert.ok(now <= 1.2 * before, `${before} bytes before, ${now} afterwards`);
  }),
);

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
