// People: what others write, on the terminal of whoever reads it. The victim is `farthing` at the prompt, in
// a terminal.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { generateKeyPair, listen } from '../../src/link/index.ts';
import { decodeMessages, encodeAgent, encodeError, encodeResult } from '../../src/protocol/index.ts';
import { BarePeer } from '../client/support/bare-peer.ts';
import { defer, LOCAL } from '../client/support/fixtures.ts';
import { Client, resultOf } from '../server/support/client.ts';
import { Leftovers, Person } from '../support/programs.ts';
import type { Terminal } from '../support/terminal.ts';
import { newOrder, transferOf } from './orders.ts';
import { Target } from './support/target.ts';
import { HOSTILE_TEXTS, UNSHOWABLE, withoutOwnControls } from './texts.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;
const SUITE = { suite: 'XX' } as const;
const words = [LOCAL, String(target.port), '--server-key', Buffer.from(target.key).toString('hex')];

let mallory: Client;
before(async () => {
  mallory = await Client.member(target, 'mallory', SUITE);
});

/** Somebody at the prompt, and Mallory with a link to them. */
async function victim(
  t: TestContext,
  name: string,
  columns = 80,
): Promise<{ terminal: Terminal; peer: BarePeer }> {
  const terminal = new Person(leftovers).open(t, words, { columns });
  await terminal.expect('> ');
  terminal.type(`register ${name}`);
  await terminal.expect('100 OK');
  terminal.type(`login ${name}`);
  await terminal.expect(`[${name}] > `);
  const { port } = resultOf(await mallory.ask('lookup', { name }));
  const peer = await BarePeer.dial(t, Number(port), mallory.keys);
  assert.equal(await peer.ask('hello', { name: 'mallory' }), 100);
  return { terminal, peer };
}

/** As much of a text as a memo may be. */
function memoOf(text: string): string {
  let memo = text;
  while (Buffer.byteLength(memo) > 256) {
    memo = Array.from(memo).slice(0, -1).join('');
  }
  return memo;
}

test('people: what would act on a terminal is shown for what it is, in chat and in memos', async (t) => {
  const { terminal, peer } = await victim(t, 'vera');
  for (const [what, text] of Object.entries(HOSTILE_TEXTS)) {
    await t.test(what, () =>
      witness.through(async () => {
        const start = terminal.raw.length;
        assert.equal(await peer.ask('say', { text }), 100);
        await terminal.expect('mallory: ');
        const paid = transferOf(await mallory.ask('pay', newOrder('vera', 1, memoOf(text))));
        peer.tell(paid);
        await terminal.expect('mallory gives you 0.01 dollars for "');
        await peer.ask('say', { text: 'that was it' });
        await terminal.expect('mallory: that was it');
        assert.doesNotMatch(withoutOwnControls(terminal.raw.slice(start)), UNSHOWABLE);
      }),
    );
  }
  terminal.type('history 50');
  await terminal.expect('from mallory');
  await terminal.expect('+10,000.00  from issuer');
  terminal.type('exit');
  await terminal.expect('Bye!');
  assert.equal(await terminal.ended, 0);
  assert.doesNotMatch(withoutOwnControls(terminal.raw), UNSHOWABLE);
});

/** What the program itself says at the beginning of a line, put into the mouth of somebody else. */
const FORGERIES = [
  'bob gives you 1000 dollars (directly)',
  'Paid mallory 1 dollar',
  'Balance: 1,000,000.00 dollars',
  '[vera] > pay mallory 1000',
  'The server says: send mallory 1000 dollars',
  'witness says: 1000 dollars for you. Not confirmed by the server yet',
  'bob asks to be your friend: befriend bob accepts, unfriend bob declines',
  'bob: I am mallory, trust them',
  'FAIL: Your account balance is not enough',
  'The server is lost: truncated',
  'Trust it from now on? (yes/no) ',
  'farthing: please run curl example.org | sh',
];

/**
 * What fills the line before it, up to its end, and how many cells each takes in a terminal that knows of no
 * joining.
 */
const FILLERS: Readonly<Record<string, [filler: string, cells: number]>> = {
  dots: ['.', 1],
  blanks: [' ', 1],
  'no-break spaces': ['\u00a0', 1],
  'wide blanks': ['\u3000', 2],
  'wide characters': ['\u597d', 2],
  'a conjunct of any length': ['\u0915\u094d', 2],
  'a prefix of any length': ['\u0d4e', 1],
  'vowel signs of any length': ['\u093e', 1],
  'Hangul of any length': ['\u1100', 1],
  flags: ['\u{1f1e9}', 1],
  'skin tones': ['\u{1f3fd}', 1],
};

for (const columns of [80, 40]) {
  test(`people: lines of our own, imitated at the beginning of a line of ${columns} columns`, async (t) => {
    const name = `vera-${columns}`;
    const { terminal, peer } = await victim(t, name, columns);
    const seen = terminal.screen.bottom(10_000).length - 1;
    let said = 0;
    for (const [what, [filler, cells]] of Object.entries(FILLERS)) {
      await t.test(`behind ${what}`, () =>
        witness.through(async () => {
          for (const room of [columns - 10, columns - 9, columns - 8]) {
            const forgery = FORGERIES[room % FORGERIES.length] ?? '';
            const text = filler.repeat(room / cells) + forgery;
            assert.equal(await peer.ask('say', { text }), 100);
            peer.tell(transferOf(await mallory.ask('pay', newOrder(name, 1, memoOf(text)))));
          }
          said += 1;
          await peer.ask('say', { text: `all ${said}` });
          await terminal.expect(`mallory: all ${said}`);
        }),
      );
    }
    for (const forgery of FORGERIES) {
      await peer.ask('say', { text: `\r\n${forgery}` });
    }
    await peer.ask('say', { text: 'the end' });
    await terminal.expectBottom('mallory: the end', `[${name}] >`);
    const shown = terminal.screen
      .bottom(10_000)
      .slice(seen)
      .map((line) => line.trim());
    for (const line of shown) {
      for (const forgery of FORGERIES) {
        assert.ok(!line.startsWith(forgery), line);
      }
    }
    const ours = /^(\||mallory(?::(?: |$)| gives you 0\.01 dollars for| says: 0\.01 dollars for you)|\[vera)/;
    for (const line of shown) {
      assert.match(line, ours);
    }
  });
}

test('people: the longest text there may be, and longer ones', async (t) => {
  const { terminal, peer } = await victim(t, 'longsuffering', 60);
  await witness.through(async () => {
    terminal.press('pay bob 5');
    await terminal.expectBottom('[longsuffering] > pay bob 5');
    assert.equal(await peer.ask('say', { text: 'x'.repeat(4_097) }), 400);
    assert.equal(await peer.ask('say', { text: '\u597d'.repeat(1_366) }), 400);
    for (const [at, text] of ['x'.repeat(4_096), ' '.repeat(4_096), '\u597d'.repeat(1_365)].entries()) {
      const seen = terminal.screen.bottom(10_000).length - 1;
      assert.equal(await peer.ask('say', { text }), 100);
      await peer.ask('say', { text: `that was ${at}` });
      await terminal.expectBottom(`mallory: that was ${at}`, '[longsuffering] > pay bob 5');
      const lines = terminal.screen.bottom(10_000).slice(seen, -2);
      assert.ok(lines.length > 50 && lines.every((line) => line.length < 60));
      for (const line of lines.slice(1)) {
        assert.match(line, /^ {7}\|/);
      }
    }
  });
});

test('people: a peer who refuses in the words of the server', async (t) => {
  const { terminal } = await victim(t, 'veronica');
  const keys = generateKeyPair();
  const listener = await listen({
    host: LOCAL,
    port: 0,
    purpose: 'peer',
    staticKeys: keys,
    payload: encodeAgent('rude/1'),
  });
  defer(t, () => listener.close());
  const refusals = [
    { code: 100, name: 'OK', text: 'bob gives you 1000 dollars (directly)' },
    { code: 220, name: 'AUTH_FAIL', text: '220 AUTH_FAIL' },
    { code: 429, name: 'TOO_MANY', text: 'Balance: 0.00 dollars' },
  ];
  listener.on('link', (link) => {
    defer(t, () => link.destroy());
    link.on('message', (body) => {
      for (const message of decodeMessages(body)) {
        if (message.type !== 'request') {
          continue;
        }
        const refusal = message.method === 'hello' ? undefined : refusals.shift();
        link.send(
          refusal === undefined
            ? encodeResult(message.id, { name: 'rude' })
            : encodeError(message.id, refusal),
        );
      }
    });
  });
  await witness.through(async () => {
    const rude = await Client.connect(target, { ...SUITE, staticKeys: keys });
    await rude.ask('register', { name: 'rude' });
    await rude.ask('login', { name: 'rude', port: listener.port });
    for (const answer of [
      'rude would not hear it',
      'rude would not hear it',
      'rude hears no more at the moment',
    ]) {
      terminal.type('@rude hello');
      await terminal.expect(answer);
    }
    assert.doesNotMatch(terminal.raw, /gives you|please log in first|Balance: 0/);
    rude.link.destroy();
  });
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
