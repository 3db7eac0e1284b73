// `farthing listen` and what a server or other people can send it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, type TestContext, test } from 'node:test';
import type { Link } from '../../src/link/index.ts';
import {
  encodeNotification,
  encodeResult,
  type Message,
  OK,
  type Transfer,
} from '../../src/protocol/index.ts';
import { startFake, VIEW } from '../client/support/fake-server.ts';
import { LOCAL, type Target } from '../client/support/fixtures.ts';
import { Leftovers, Person } from '../support/programs.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());

const CLIENT = join(import.meta.dirname, '../../src/cli/bin/farthing.ts');
const MEMO = 'm'.repeat(200);
const GIFT: Transfer = {
  seq: 7,
  id: new Uint8Array(16),
  from: 'bob',
  to: 'alice',
  amount: 500,
  memo: MEMO,
  at: 1,
};
const NOTICE = 'n'.repeat(1000);

/** A server that tells whoever logs in this, in one record with its answer, and then does `more`. */
function serverThatTells(
  t: TestContext,
  before: Uint8Array[],
  after: Uint8Array[],
  more: (link: Link) => void = () => {},
): Promise<Target> {
  return startFake(t, (message: Message, link: Link) => {
    if (message.type !== 'request') {
      return;
    }
    if (message.method === 'history') {
      link.send(encodeResult(message.id, { transfers: [GIFT] }));
    } else if (message.method === 'login') {
      link.send(Buffer.concat([...before, encodeResult(message.id, VIEW), ...after]));
      more(link);
    } else {
      link.send(encodeResult(message.id, message.method === 'exit' ? { text: 'Bye!' } : OK));
    }
  });
}

/** Alice, who has an account there. */
async function aliceAt({ port, key }: Target): Promise<{ alice: Person; words: string[] }> {
  const alice = new Person(leftovers);
  const words = ['--server', `${LOCAL}:${port}`, '--server-key', Buffer.from(key).toString('hex')];
  assert.equal((await alice.run('register', 'alice', ...words)).status, 0);
  return { alice, words };
}

const notice = (words: string) => encodeNotification('notice', { text: words });
const kicked = encodeNotification('kicked', { text: 'elsewhere' });
const gift = encodeNotification('paid', { transfer: GIFT });

describe('what comes with the answer to the login', () => {
  test('is told, after the first document', async (t) => {
    const server = await serverThatTells(
      t,
      [notice('before'), gift],
      [notice('after'), encodeNotification('friend', { name: 'bob', state: 'asking' })],
    );
    const { alice, words } = await aliceAt(server);
    const listen = alice.start('listen', '--json', ...words);
    const events: string[] = [];
    while (!events.includes('paid')) {
      events.push(JSON.parse(await listen.line('')).event);
    }
    assert.deepEqual(events, ['listening', 'notice', 'notice', 'friend', 'paid']);
    listen.kill('SIGINT');
    assert.equal((await listen.ended).status, 130);
  });

  test('is told too when it is that another has come in our place', async (t) => {
    const server = await serverThatTells(t, [], [kicked]);
    const { alice, words } = await aliceAt(server);
    const { status, stdout } = await alice.run('listen', '--json', ...words);
    assert.equal(status, 4);
    assert.match(stdout, /^\{"event":"listening".*\n\{"event":"kicked","text":"elsewhere"\}\n$/);
  });
});

test('a flood that nobody reads is left out and counted, but never money', async (t) => {
  const NOTICES = 4_000;
  const heard = Promise.withResolvers<void>();
  const server = await serverThatTells(t, [], [], (link) => {
    for (let n = 0; n < NOTICES; n++) {
      link.send(notice(NOTICE));
    }
    link.send(gift);
    link.send(kicked);
    // Whoever leaves for that has heard all that came before it.
    link.on('end', () => {
      heard.resolve();
      void link.close();
    });
  });
  const { alice, words } = await aliceAt(server);
  const child = spawn(process.execPath, [CLIENT, 'listen', '--json', ...words], {
    env: alice.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await heard.promise;
  const documents = (await text(child.stdout)).trimEnd().split('\n');
  const events = documents.map((document): { event: string; lines?: number } => JSON.parse(document));
  const kept = events.filter(({ event }) => event === 'notice').length;
  const leftOut = events.reduce((sum, { lines = 0 }) => sum + lines, 0);
  assert.ok(kept < NOTICES / 2, `${kept} notices were kept`);
  assert.equal(kept + leftOut, NOTICES);
  assert.equal(events.filter(({ event }) => event === 'paid').length, 1);
});

test('lines that are not for a terminal are not folded', async (t) => {
  const server = await serverThatTells(t, [], [notice(NOTICE), gift]);
  const { alice, words } = await aliceAt(server);
  const { stdout } = await alice.run('history', ...words);
  assert.match(stdout, new RegExp(`^[^\n]* from bob  "${MEMO}"\n$`));
  const listen = alice.start('listen', ...words);
  assert.equal(await listen.line('The server says'), `The server says: ${NOTICE}`);
  assert.equal(await listen.line('gives you'), `bob gives you 5 dollars for "${MEMO}" (through the server)`);
});
