// Transport: sessions that are cut in every place, come all at once, or are never read.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Suite } from '../../src/link/index.ts';
import { encodeNotification, encodeRequest } from '../../src/protocol/index.ts';
import { KIND } from '../link/support/internals.ts';
import { Leftovers } from '../support/programs.ts';
import { codeOf, Hand, Intruder, resultOf, takeFrame } from './support/intruder.ts';
import { Stranger } from './support/stranger.ts';
import { MANY_ADDRESSES, Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;

/** Brings bytes to the server, however it likes. */
type Deliver = (stranger: Stranger, bytes: Buffer) => Promise<void>;

let orders = 0;

function payment(id: number, memo = ''): Uint8Array {
  orders += 1;
  const order = new Uint8Array(16);
  new DataView(order.buffer).setUint32(12, orders);
  return encodeRequest(id, 'pay', { to: 'shop', amount: 1, id: order, memo });
}

/**
 * A whole session of somebody who has an account, in two flights: they log in, pay, take leave. Returns its
 * bytes.
 */
async function session(someone: Intruder, suite: Suite, deliver: Deliver): Promise<number> {
  const stranger = await Stranger.connect(target);
  const hand = new Hand({ keys: someone.keys, suite });
  const opening = Buffer.concat([hand.prelude, hand.one()]);
  await deliver(stranger, opening);
  hand.two((await takeFrame(stranger)) ?? assert.fail('no message 2'));
  const three = hand.three();
  const link = new Intruder(stranger, hand);
  const rest = Buffer.concat([
    three,
    link.data(encodeRequest(1, 'login', { name: someone.name, port: 0 })),
    link.data(payment(2)),
    link.data(encodeRequest(3, 'exit', {})),
    link.control('close'),
  ]);
  await deliver(stranger, rest);
  for (const id of [1, 2, 3]) {
    const answer = await link.answer();
    assert.deepEqual([answer?.id, answer?.error], [id, null]);
  }
  assert.equal((await link.hear())?.kind, KIND.close);
  await link.assertClosed('closed');
  return opening.length + rest.length;
}

describe('transport: every split point of a whole session', () => {
  /** Cuts the `at`th byte of the session off what is before it; the server has read that by then. */
  function cutAt(at: number): Deliver {
    let sent = 0;
    return async (stranger, bytes) => {
      const here = at - sent;
      sent += bytes.length;
      if (here <= 0 || here >= bytes.length) {
        return stranger.send(bytes);
      }
      await stranger.send(bytes.subarray(0, here));
      await witness.waits();
      await stranger.send(bytes.subarray(here));
    };
  }

  const whole: Deliver = (stranger, bytes) => stranger.send(bytes);

  test('each is a session like any other', () =>
    witness.through(async () => {
      const people = await Promise.all([0, 1, 2, 3].map((each) => Intruder.member(target, `split-${each}`)));
      const [first] = people;
      const length = await session(first ?? assert.fail(), 'XX', whole);
      const points = Array.from({ length: length - 1 }, (_, index) => index + 1);
      await Promise.all(
        people.map(async (someone) => {
          for (let at = points.shift(); at !== undefined; at = points.shift()) {
            await session(someone, 'XX', cutAt(at));
          }
        }),
      );
      let left = 0;
      for (const someone of people) {
        left += await balanceOf(someone);
      }
      assert.equal(left, people.length * GRANT - length, 'each session has paid once');
    }));

  for (const suite of ['XX', 'XXhfs'] as const) {
    test(`${suite}, byte by byte`, () =>
      witness.through(async () => {
        const someone = await Intruder.member(target, `bytewise-${suite.toLowerCase()}`);
        await session(someone, suite, async (stranger, bytes) => {
          for (const byte of bytes) {
            await stranger.send(Uint8Array.of(byte));
            await nextTurn();
          }
        });
      }));
  }
});

/** What everybody is given, in minor units. */
const GRANT = 1_000_000;

async function balanceOf(someone: Intruder): Promise<number> {
  const link = await Intruder.open(target, { keys: someone.keys });
  const view = resultOf(await link.ask('login', { name: someone.name, port: 0 }));
  await link.exit();
  return Number(view['balance']);
}

describe('transport: 100 frames in one segment', () => {
  test('behind message 3, with a request each: all are answered, in their order', () =>
    witness.through(async () => {
      const stranger = await Stranger.connect(target);
      const hand = new Hand();
      await stranger.send(hand.prelude, hand.one());
      hand.two((await takeFrame(stranger)) ?? assert.fail('no message 2'));
      const three = hand.three();
      const link = new Intruder(stranger, hand);
      const ids = Array.from({ length: 100 }, (_, id) => id);
      const frames = ids.map((id) => link.data(encodeRequest(id, 'list', {})));
      await stranger.send(three, ...frames);
      for (const id of ids) {
        const answer = await link.answer();
        assert.deepEqual([answer?.id, codeOf(answer)], [id, 220]);
      }
      await stranger.hangUp();
    }));

  test('5,000 requests in one record: all are answered, in their order', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      const ids = Array.from({ length: 5_000 }, (_, id) => id);
      await link.send(link.data(...ids.map((id) => encodeRequest(id, 'list', {}))));
      for (const id of ids) {
        assert.equal((await link.answer())?.id, id);
      }
      await link.stranger.hangUp();
    }));
});

/**
 * Bytes by which the server's memory may grow while somebody does not read: a few queues, and what garbage
 * there is.
 */
const ROOM = 40 * 1024 * 1024;

function assertRoom(growth: number): void {
  assert.ok(growth < ROOM, `the server's memory has grown by ${growth} bytes`);
}

const memory = { skip: MANY_ADDRESSES ? false : 'the memory of a process is read from /proc' };

describe('transport: a reader that never reads', () => {
  test('a PING flood: the answers that nobody reads take no memory', memory, () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      const growth = target.memoryGrowth();
      link.stranger.socket.pause();
      // A PING may come without padding; its PONG has four times its length.
      for (let each = 0; each < 80; each++) {
        await link.send(link.sending.sealMany(Uint8Array.of(KIND.ping, 0, 0), 5_000));
      }
      await witness.waits();
      link.stranger.socket.resume();
      await link.send(link.data(encodeRequest(1, 'list', {})));
      assert.equal(codeOf(await link.answer()), 220);
      assertRoom(growth());
      await link.stranger.hangUp();
    }),
  );

  test(
    '1,500 long answers: the server keeps few of them, and goes on where it was when they are read',
    memory,
    () =>
      witness.through(async () => {
        const link = await Intruder.member(target, 'deaf');
        const memo = 'm'.repeat(250);
        const payments = Array.from({ length: 100 }, (_, id) => payment(id, memo));
        await link.send(...payments.map((message) => link.data(message)));
        for (const _ of payments) {
          assert.equal(codeOf(await link.answer()), 100);
        }

        const growth = target.memoryGrowth();
        link.stranger.socket.pause();
        const ids = Array.from({ length: 1_500 }, (_, id) => id);
        await link.send(...ids.map((id) => link.data(encodeRequest(id, 'history', {}))));
        for (let each = 0; each < 100; each++) {
          await witness.pays();
        }
        assertRoom(growth());

        link.stranger.socket.resume();
        for (const id of ids) {
          assert.equal((await link.answer())?.id, id);
        }
        await link.exit();
      }),
  );

  test('a flood of notifications: each is ignored, and somebody new is served beside it', memory, () =>
    witness.through(async () => {
      const links = await Promise.all([0, 1, 2, 3].map(() => Intruder.open(target)));
      const growth = target.memoryGrowth();
      const body = Buffer.concat(Array.from({ length: 5_000 }, () => encodeNotification('x', {})));
      const flood = links.map(async (link) => {
        for (let each = 0; each < 20; each++) {
          await link.send(link.data(body));
        }
        await link.send(link.data(encodeRequest(1, 'list', {})));
        assert.equal(codeOf(await link.answer()), 220);
        await link.stranger.hangUp();
      });
      await witness.newcomer();
      await Promise.all(flood);
      assertRoom(growth());
    }),
  );

  test('40 links that flood at once: the witness has their turn between them, again and again', memory, () =>
    witness.through(async () => {
      const links = await Promise.all(Array.from({ length: 40 }, () => Intruder.open(target)));
      const noise = Buffer.concat(Array.from({ length: 13_000 }, () => encodeNotification('x', {})));
      const floods = links.map((link) => {
        const last = encodeRequest(1, 'list', {});
        return Buffer.concat([link.data(noise), link.data(noise), link.data(noise), link.data(last)]);
      });
      const before = witness.paid;
      await Promise.all(
        links.map(async (link, index) => {
          await link.send(floods[index] ?? Buffer.alloc(0));
          assert.equal(codeOf(await link.answer()), 220);
          await link.stranger.hangUp();
        }),
      );
      assert.ok(witness.paid - before >= 10, `only ${witness.paid - before} payments`);
    }),
  );

  test(
    'a flood of unknown methods whose answers nobody reads: somebody new is served beside it',
    memory,
    () =>
      witness.through(async () => {
        const links = await Promise.all([0, 1, 2, 3].map(() => Intruder.open(target)));
        const body = Buffer.concat(Array.from({ length: 5_000 }, (_, id) => encodeRequest(id, 'x', {})));
        for (const link of links) {
          link.stranger.socket.pause();
          // These need not all be taken.
          for (let each = 0; each < 20; each++) {
            void link.send(link.data(body));
          }
        }
        await witness.newcomer();
        await Promise.all(links.map((link) => link.stranger.hangUp()));
      }),
  );
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
