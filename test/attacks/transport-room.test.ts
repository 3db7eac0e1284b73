// Transport: every place taken, by links or by file descriptors.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { encodeFrame, encodePrelude } from '../link/support/internals.ts';
import { Leftovers } from '../support/programs.ts';
import { Intruder } from './support/intruder.ts';
import { Stranger } from './support/stranger.ts';
import { MANY_ADDRESSES, Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());

const linux = { skip: MANY_ADDRESSES ? false : 'needs many loopback addresses, and /proc' };

/** Prelude and message 1, whose ephemeral key is a point like any other. */
const OPENING = Buffer.concat([encodePrelude('XX', 'server'), encodeFrame(new Uint8Array(32).fill(9))]);

const LINKS = 40;

// Three servers, of which each has to wait for its own deadlines.
describe('transport: every place taken', { concurrency: true }, () => {
  describe('transport: every link taken', { ...linux, concurrency: 1 }, async () => {
    const target = await Target.start(leftovers, { flags: ['--max-connections', String(LINKS)] });
    const { witness } = target;

    test('the next is told that the server is busy; when some leave, others come in', () =>
      witness.through(async () => {
        // The witness has two.
        const links = await Promise.all(Array.from({ length: LINKS - 2 }, () => Intruder.open(target)));
        for (let each = 0; each < 10; each++) {
          const stranger = await Stranger.connect(target);
          await stranger.send(OPENING);
          await stranger.assertClosed({ reply: '000004', reason: 'refused_busy' });
        }
        await Promise.all(links.map((link) => link.stranger.hangUp()));
        await Promise.all(links.map((link) => target.assertReason(link.stranger.address, 'truncated')));
        await witness.newcomer();
      }));

    test('message 1 takes a place, and gives it back when its time is over', () =>
      witness.through(async () => {
        const halfway = await Promise.all(Array.from({ length: LINKS - 2 }, () => Stranger.connect(target)));
        for (const stranger of halfway) {
          await stranger.send(OPENING);
        }
        for (const stranger of halfway) {
          assert.ok(await stranger.take(2));
        }
        const stranger = await Stranger.connect(target);
        await stranger.send(OPENING);
        await stranger.assertClosed({ reply: '000004', reason: 'refused_busy' });
        await Promise.all(halfway.map((each) => each.last()));
        await witness.newcomer();
      }));

    test('the witness has paid throughout, and the audit passes', () => target.stop());
  });

  describe('transport: every link of one address taken', { ...linux, concurrency: 1 }, async () => {
    const target = await Target.start(leftovers, { flags: ['--max-connections-per-address', '10'] });
    const { witness } = target;

    test('the next from there is told that the server is busy; others come in', () =>
      witness.through(async () => {
        const address = target.newAddress();
        const links = await Promise.all(
          Array.from({ length: 10 }, () => Intruder.open(target, { from: address })),
        );
        const stranger = await Stranger.connect(target, address);
        await stranger.send(OPENING);
        await stranger.assertClosed({ reply: '000004', reason: 'refused_busy' });
        await witness.newcomer();
        const other = await Intruder.open(target);
        await Promise.all([...links, other].map((link) => link.stranger.hangUp()));
      }));

    test('the witness has paid throughout, and the audit passes', () => target.stop());
  });

  /** File descriptors of a server that has few. */
  const DESCRIPTORS = 96;

  describe('transport: file descriptors exhausted', { ...linux, concurrency: 1 }, async () => {
    const target = await Target.start(leftovers, { descriptors: DESCRIPTORS });
    const { witness } = target;

    for (const [name, bytes] of [
      ['by silent connections', new Uint8Array(0)],
      ['by handshakes that are not finished', OPENING],
    ] as const) {
      test(`${name}: the witness goes on, and when they leave others come in`, () =>
        witness.through(async () => {
          const crowd = await Promise.all(
            Array.from({ length: 2 * DESCRIPTORS }, () => Stranger.connect(target)),
          );
          await Promise.all(crowd.map((stranger) => stranger.send(bytes)));
          await witness.waits();
          assert.ok(target.openDescriptors() >= DESCRIPTORS - 2, `${target.openDescriptors()} are open`);
          for (let each = 0; each < 20; each++) {
            await witness.pays();
          }
          await Promise.all(crowd.map((stranger) => stranger.hangUp()));
          await witness.newcomer();
        }));
    }

    test('by silent connections that stay: they are ended by their deadline, and others come in', () =>
      witness.through(async () => {
        const crowd = await Promise.all(
          Array.from({ length: 2 * DESCRIPTORS }, () => Stranger.connect(target)),
        );
        await Promise.all(crowd.map((stranger) => stranger.last()));
        await witness.newcomer();
      }));

    test('the witness has paid throughout, and the audit passes', () => target.stop());
  });
});
