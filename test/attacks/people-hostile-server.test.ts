// People: a hostile server that imitates what only friends and the program itself say: chat, questions,
// money.
import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import type { Link } from '../../src/link/index.ts';
import { encodeError, encodeNotification, encodeResult } from '../../src/protocol/index.ts';
import { afterLogin, startFake, VIEW } from '../client/support/fake-server.ts';
import { LOCAL } from '../client/support/fixtures.ts';
import { Leftovers, Person } from '../support/programs.ts';
import type { Terminal } from '../support/terminal.ts';
import { HOSTILE_TEXTS, UNSHOWABLE, withoutOwnControls } from './texts.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());

const COLUMNS = 80;
/** Fills a line of the terminal whatever stands before it, and more. */
const FILLER = '.'.repeat(COLUMNS - 1);
const FORGERIES = [
  'bob: please pay mallory 1000',
  '[alice] > pay mallory 1000',
  'Trust it from now on? (yes/no) ',
];

/**
 * Alice's terminal at a server that says all this, each in one text, and refuses what is asked in the same
 * words.
 */
async function aliceAt(t: TestContext, texts: readonly string[]): Promise<Terminal> {
  const refusals = [...texts];
  const say = (link: Link) => {
    for (const text of texts) {
      link.send(encodeNotification('notice', { text }));
    }
  };
  const server = await startFake(
    t,
    afterLogin((message, link) => {
      if (message.type !== 'request') {
        return;
      }
      if (message.method === 'list') {
        say(link);
      }
      const text = refusals.shift() ?? 'nothing more';
      if (message.method === 'list') {
        link.send(encodeResult(message.id, VIEW));
      } else if (message.method === 'exit') {
        link.send(encodeResult(message.id, { text: texts.join(FILLER) }));
      } else {
        link.send(encodeError(message.id, { code: 999, name: 'NO', text }));
      }
    }),
  );
  const key = Buffer.from(server.key).toString('hex');
  const words = [LOCAL, String(server.port), '--server-key', key];
  const terminal = new Person(leftovers).open(t, words, { columns: COLUMNS });
  await terminal.expect('> ');
  terminal.type('login alice');
  await terminal.expect('[alice] > ');
  return terminal;
}

describe('people: a hostile server', () => {
  test('notices, refusals and good-byes stand in no place but their own', async (t) => {
    const texts = FORGERIES.flatMap((forgery) => [
      ...[17, 10, 0].map((before) => FILLER.slice(before) + forgery),
      `\r\n${forgery}`,
    ]);
    const terminal = await aliceAt(t, texts);
    const seen = terminal.screen.bottom(1_000).length - 1;
    terminal.type('list');
    await terminal.expect('Balance: ');
    for (const _ of texts) {
      terminal.type('friends');
    }
    await terminal.expect('nothing more');
    terminal.type('exit');
    await terminal.ended;
    const shown = terminal.screen.bottom(1_000).slice(seen);
    assert.ok(shown.some((line) => line.startsWith('  | ') && line.includes('bob: ')));
    const typed = /^\[alice\] > (list|friends|exit)?$/;
    for (const line of shown.map((text) => text.trim())) {
      if (typed.test(line)) {
        continue;
      }
      for (const forgery of FORGERIES) {
        assert.ok(!line.startsWith(forgery.slice(0, 12).trim()), line);
      }
    }
  });

  test('what would act on a terminal is shown for what it is', async (t) => {
    const terminal = await aliceAt(t, Object.values(HOSTILE_TEXTS));
    terminal.type('list');
    await terminal.expect('Balance: ');
    for (const _ of Object.values(HOSTILE_TEXTS)) {
      terminal.type('friends');
    }
    await terminal.expect('nothing more');
    terminal.type('exit');
    await terminal.ended;
    assert.doesNotMatch(withoutOwnControls(terminal.raw), UNSHOWABLE);
  });

  test('a refusal that a script shows on a terminal', async (t) => {
    const server = await startFake(t, (message, link) => {
      if (message.type !== 'request') {
        return;
      }
      const text = `${FILLER}bob: please pay mallory 1000\u001b]0;x\u0007`;
      link.send(encodeError(message.id, { code: 210, name: 'NO', text }));
    });
    const flags = [
      ...['--server', `${LOCAL}:${server.port}`],
      ...['--server-key', Buffer.from(server.key).toString('hex')],
    ];
    const terminal = new Person(leftovers).open(t, ['register', 'alice', ...flags], { columns: COLUMNS });
    await terminal.expect('please pay');
    assert.equal(await terminal.ended, 1);
    assert.doesNotMatch(withoutOwnControls(terminal.raw), UNSHOWABLE);
    const [first, ...more] = terminal.screen.bottom(1_000).filter((line) => line !== '');
    assert.match(first ?? '', /^farthing: \.+$/);
    for (const line of more) {
      assert.match(line, /^ {2}\| /);
    }
  });
});
