// Money: payments that a peer claims over a direct link and the server never made, or made otherwise. The
// victim is the program itself, `farthing listen --json`: what it writes is what a person's scripts believe.
import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import type { Transfer } from '../../src/protocol/index.ts';
import { BarePeer } from '../client/support/bare-peer.ts';
import { PEER_QUOTA_BURST } from '../client/support/internals.ts';
import { Client } from '../server/support/client.ts';
import type { Program } from '../support/program.ts';
import { Leftovers, Person } from '../support/programs.ts';
import { balanceOf, newOrder, transferOf } from './orders.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;
const SUITE = { suite: 'XX' } as const;
const flags = [
  ...['--server', `127.0.0.1:${target.port}`],
  ...['--server-key', Buffer.from(target.key).toString('hex')],
];

/** One line of what `listen` writes. */
interface Told {
  readonly event: string;
  readonly from?: string;
  readonly amountMinor?: number;
  readonly memo?: string;
  readonly delivered?: string;
}

let people = 0;

/** A victim who listens, and Mallory with a bare peer link to them, registered and logged in. */
async function listening(t: TestContext) {
  const number = ++people;
  const name = `victim-${number}`;
  const person = new Person(leftovers);
  assert.equal((await person.run('register', name, ...flags)).status, 0);
  const program = person.start('listen', '--json');
  const { port } = JSON.parse(await program.line('"listening"'));
  const mallory = await Client.member(target, `mallory-${number}`, SUITE);
  const peer = await BarePeer.dial(t, port, mallory.keys);
  return { name, program, port, mallory, own: `mallory-${number}`, peer };
}

function claim(from: string, to: string, over: Partial<Transfer> = {}): Transfer {
  const id = new Uint8Array(16).fill(1);
  return { seq: 7_000, id, from, to, amount: 100_000, memo: 'trust me', at: 1, ...over };
}

/** Interrupts it: what it wrote since the last line taken. */
async function allOf(program: Program): Promise<Told[]> {
  program.kill('SIGINT');
  const { stdout } = await program.ended;
  return stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
}

const moneyOf = (told: readonly Told[]) => told.filter(({ event }) => event === 'paid');

describe('money: a forged peer paid', () => {
  test('by a stranger, for others, to others, by the issuer: nobody hears of it', (t) =>
    witness.through(async () => {
      const { name, own, peer, program } = await listening(t);
      peer.tell(claim(own, name));
      assert.equal(await peer.ask('hello', { name: own }), 100);
      for (const from of ['witness', 'issuer', name]) {
        peer.tell(claim(from, name));
      }
      for (const to of ['witness', own, 'issuer']) {
        peer.tell(claim(own, to));
      }
      assert.equal(await peer.ask('say', { text: 'that was all' }), 100);
      await program.line('that was all');
      assert.deepEqual(
        (await allOf(program)).map(({ event }) => event),
        ['message'],
      );
    }));

  test('that the server never made: unconfirmed, once, and never money', (t) =>
    witness.through(async () => {
      const { name, own, peer, program } = await listening(t);
      await peer.ask('hello', { name: own });
      for (let times = 0; times < 5; times++) {
        peer.tell(claim(own, name));
      }
      peer.tell(claim(own, name, { amount: 900_000 }));
      await peer.ask('say', { text: 'that was all' });
      await program.line('that was all');
      assert.deepEqual(
        (await allOf(program)).map(({ event, amountMinor }) => [event, amountMinor]),
        [
          ['unconfirmed', 100_000],
          ['message', undefined],
        ],
      );
    }));

  test('of another amount, memo or id than the server’s: shown as the server has it, and not as direct', (t) =>
    witness.through(async () => {
      const { name, own, peer, program, mallory } = await listening(t);
      await peer.ask('hello', { name: own });
      const real = transferOf(await mallory.ask('pay', newOrder(name, 5, 'a trifle')));
      for (const lie of [{ amount: 500_000 }, { memo: 'a fortune' }, { id: new Uint8Array(16) }, { at: 5 }]) {
        peer.tell({ ...real, ...lie });
      }
      const paid: Told = JSON.parse(await program.line('"paid"'));
      assert.deepEqual(
        [paid.from, paid.amountMinor, paid.memo, paid.delivered],
        [own, 5, 'a trifle', 'through the server'],
      );
      assert.equal(moneyOf(await allOf(program)).length, 1);
    }));

  test('replayed on the same link and on others: each payment is shown once', (t) =>
    witness.through(async () => {
      const { name, own, peer, port, program, mallory } = await listening(t);
      await peer.ask('hello', { name: own });
      const real = transferOf(await mallory.ask('pay', newOrder(name, 5)));
      for (let times = 0; times < 10; times++) {
        peer.tell(real);
      }
      const paid: Told = JSON.parse(await program.line('"paid"'));
      assert.equal(paid.delivered, 'directly');
      const other = await BarePeer.dial(t, port, mallory.keys);
      await other.ask('hello', { name: own });
      for (const link of [peer, other]) {
        for (let times = 0; times < 10; times++) {
          link.tell(real);
        }
        await link.ask('say', { text: 'replayed' });
      }
      const told = await allOf(program);
      assert.deepEqual(
        told.filter(({ event }) => event !== 'message').map(({ event }) => event),
        ['paid'],
      );
    }));

  test('for a payment that somebody else is about to make: theirs is shown, as theirs', (t) =>
    witness.through(async () => {
      const { name, own, peer, port, program, mallory } = await listening(t);
      await peer.ask('hello', { name: own });
      const honest = await Client.member(target, `honest-${people}`, SUITE);
      const first = transferOf(await mallory.ask('pay', newOrder(name, 1)));
      for (let ahead = 1; ahead < 200; ahead++) {
        peer.tell(claim(own, name, { seq: first.seq + ahead }));
      }
      await peer.ask('say', { text: 'all are mine' });
      const link = await BarePeer.dial(t, port, honest.keys);
      assert.equal(await link.ask('hello', { name: `honest-${people}` }), 100);
      link.tell(transferOf(await honest.ask('pay', newOrder(name, 42))));
      const paid: Told[] = [];
      while (!paid.some(({ amountMinor }) => amountMinor === 42)) {
        paid.push(JSON.parse(await program.line('"paid"')));
      }
      const { from, delivered } = paid.at(-1) ?? {};
      assert.deepEqual([from, delivered], [`honest-${people}`, 'directly']);
    }));

  test('thousands of claims and texts: few are shown, and the money of others still is', (t) =>
    witness.through(async () => {
      const { name, own, peer, program } = await listening(t);
      await peer.ask('hello', { name: own });
      const FLOOD = 3_000;
      for (let seq = 1; seq <= FLOOD; seq++) {
        peer.tell(claim(own, name, { seq: 10_000 + seq }));
      }
      let heard = 0;
      while ((await peer.ask('say', { text: 'x'.repeat(4_096) })) !== 429) {
        heard += 1;
      }
      assert.ok(heard < PEER_QUOTA_BURST, 'who says too much is told that it was not heard');
      const honest = await Client.member(target, `friend-${people}`, SUITE);
      await honest.ask('pay', newOrder(name, 43));
      await program.line('"amountMinor":43,');
      assert.equal(await balanceOf(honest), 1_000_000 - 43);
      const told = await allOf(program);
      assert.ok(told.length < FLOOD / 4, `${told.length} lines`);
      assert.ok(told.filter(({ event }) => event === 'unconfirmed').length >= PEER_QUOTA_BURST);
    }));
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
