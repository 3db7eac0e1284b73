// People: what others write, in what scripts and operators read: the output of commands, and the log of the
// server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect, generateKeyPair } from '../../src/link/index.ts';
import { encodeAgent, encodeRequest } from '../../src/protocol/index.ts';
import { BarePeer } from '../client/support/bare-peer.ts';
import { LOCAL } from '../client/support/fixtures.ts';
import { pack } from '../protocol/support/internals.ts';
import { Client } from '../server/support/client.ts';
import type { Program } from '../support/program.ts';
import { Leftovers, newFolder, Person } from '../support/programs.ts';
import { newOrder, transferOf } from './orders.ts';
import { Target } from './support/target.ts';
import { Witness } from './support/witness.ts';
import { HOSTILE_TEXTS, UNSHOWABLE, withoutOwnControls } from './texts.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;
const SUITE = { suite: 'XX' } as const;
const flags = [
  ...['--server', `${LOCAL}:${target.port}`],
  ...['--server-key', Buffer.from(target.key).toString('hex')],
];
const texts = Object.values(HOSTILE_TEXTS).filter((text) => Buffer.byteLength(text) <= 256);

let mallory: Client;
before(async () => {
  mallory = await Client.member(target, 'mallory', SUITE);
});

/** Output of ours to a pipe: text, and ends of lines. */
function assertHarmless(output: string): void {
  for (const line of output.split('\n')) {
    assert.doesNotMatch(line, UNSHOWABLE);
  }
}

describe('people: hostile texts and scripts', () => {
  for (const mode of [[], ['--json']] as const) {
    const how = mode.length === 0 ? 'sentences' : 'JSON lines';
    test(`listen and history, as ${how}: nothing that acts, hides or reorders, and not a word is lost`, (t) =>
      witness.through(async () => {
        const name = mode.length === 0 ? 'sam' : 'jay';
        const person = new Person(leftovers);
        assert.equal((await person.run('register', name, ...flags)).status, 0);
        const program = person.start('listen', ...mode);
        const port = Number(/port"?:? ?(\d+)/.exec(await program.line('port'))?.[1]);
        const peer = await BarePeer.dial(t, port, mallory.keys);
        assert.equal(await peer.ask('hello', { name: 'mallory' }), 100);
        for (const text of texts) {
          assert.equal(await peer.ask('say', { text }), 100);
          peer.tell(transferOf(await mallory.ask('pay', newOrder(name, 1, text))));
        }
        await peer.ask('say', { text: 'the end' });
        await program.line('the end');
        program.kill('SIGINT');
        const { stdout } = await program.ended;
        const history = await person.run('history', '--limit', '100', ...mode);
        assertHarmless(stdout + history.stdout);
        if (mode.length === 0) {
          return;
        }
        const told = stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
        const said = told.filter(({ event }) => event === 'message').map(({ text }) => text);
        assert.deepEqual(said, [...texts, 'the end']);
        const memos = JSON.parse(history.stdout).transfers.map(({ memo }: { memo: string }) => memo);
        assert.deepEqual(memos.toReversed(), ['', ...texts]);
      }));
  }

  test('in a terminal: listen moves no cursor, and colours are its own', (t) =>
    witness.through(async () => {
      const person = new Person(leftovers);
      assert.equal((await person.run('register', 'tess', ...flags)).status, 0);
      const terminal = person.open(t, ['listen']);
      await terminal.expect(/port \d+/);
      const port = Number(/port (\d+)/.exec(String(terminal.screen))?.[1]);
      const peer = await BarePeer.dial(t, port, mallory.keys);
      await peer.ask('hello', { name: 'mallory' });
      for (const text of texts) {
        await peer.ask('say', { text });
      }
      await peer.ask('say', { text: 'the end' });
      await terminal.expect('the end');
      assert.doesNotMatch(withoutOwnControls(terminal.raw), UNSHOWABLE);
      const [, ...sequences] = terminal.raw.split('\u001b');
      for (const sequence of sequences) {
        assert.match(sequence, /^\[[0-9;]*m/, 'colours and nothing else');
      }
    }));
});

describe("people: hostile texts in the server's log", () => {
  /** A server of its own whose log is read, and its witness. */
  async function logging(
    ...mode: string[]
  ): Promise<{ folder: string; log: Program; at: { port: number; key: Uint8Array } }> {
    const folder = newFolder(leftovers);
    const operator = new Person(leftovers);
    const log = operator.serve('0', '--host', LOCAL, '--data', folder, ...mode);
    const line = await log.line('farthing://');
    const [, port, key = ''] = /farthing:\/\/[^:]+:(\d+)#([0-9a-f]{64})/.exec(line) ?? [];
    return { folder, log, at: { port: Number(port), key: new Uint8Array(Buffer.from(key, 'hex')) } };
  }

  for (const mode of [[], ['--json']] as const) {
    const how = mode.length === 0 ? 'as sentences' : 'as JSON lines';
    test(`${how}: names, methods, memos, keys and agents leave nothing in it`, async () => {
      const { folder, log, at } = await logging(...mode);
      const bystander = await Witness.join(at);
      await bystander.through(async () => {
        const client = await Client.member(at, 'eve', SUITE);
        await Client.member(at, 'ann', SUITE);
        for (const text of texts) {
          for (const method of ['register', 'login', 'lookup', 'befriend', 'unfriend', 'pay', text]) {
            await client.ask(method, { name: text, to: text, memo: text, [text]: text });
          }
          await client.ask('pay', newOrder('ann', 1, `${text}a private matter`));
          const agent = text === '' ? new Uint8Array(0) : pack({ agent: text });
          const link = await connect({
            host: LOCAL,
            port: at.port,
            purpose: 'server',
            staticKeys: generateKeyPair(),
            payload: Buffer.byteLength(text) <= 64 ? agent : encodeAgent('x'),
            suite: 'XX',
          });
          link.on('close', () => {});
          link.send(encodeRequest(1, 'login', { name: text, port: 0 }));
          await link.close();
        }
        client.link.destroy();
      });
      await bystander.newcomer();
      await bystander.leave();
      log.kill('SIGTERM');
      const { status, stdout, stderr } = await log.ended;
      assert.deepEqual([status, mode.length === 0 ? '' : stderr], [0, '']);
      assertHarmless(stdout + stderr);
      assert.doesNotMatch(stdout + stderr, /private matter|\\u\{|clipboard|1000 dollars/);
      if (mode.length > 0) {
        for (const line of stdout.trimEnd().split('\n')) {
          assert.ok(JSON.parse(line).event);
        }
      }
      const audit = await new Person(leftovers).serve('audit', '--data', folder, '--json').ended;
      assert.equal(JSON.parse(audit.stdout).ok, true);
    });
  }
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
