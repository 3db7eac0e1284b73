// People: names that look like others, names taken in masses, and who learns what of whom.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { generateKeyPair } from '../../src/link/index.ts';
import { encodeRequest } from '../../src/protocol/index.ts';
import { REGISTRATIONS_BURST, REQUESTS_BURST } from '../hub/support/internals.ts';
import { Client, codeOf, resultOf } from '../server/support/client.ts';
import { Leftovers } from '../support/programs.ts';
import { assertCode } from './orders.ts';
import { intercept } from './support/interceptor.ts';
import { MANY_ADDRESSES, Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const [target, land] = await Promise.all([Target.start(leftovers), Target.start(leftovers)]);
const { witness } = target;
const SUITE = { suite: 'XX' } as const;

let alice: Client;
before(async () => {
  alice = await Client.member(target, 'alice', SUITE);
});

/** Names that a person would take for `alice`, or that are more than letters to whatever shows them. */
const LOOK_ALIKES: Record<string, string> = {
  'a Cyrillic letter': '\u0430lice',
  'a Greek letter': '\u03b1lice',
  'full-width letters': '\uff41\uff4c\uff49\uff43\uff45',
  'mathematical letters': '\u{1d41a}\u{1d425}\u{1d422}\u{1d41c}\u{1d41e}',
  'a dotless i': 'al\u0131ce',
  'a dotted capital I': 'AL\u0130CE',
  'the Kelvin sign': '\u212aate',
  'the long s': '\u017fam',
  'a ligature': '\ufb01ona',
  'a combining accent': 'alice\u0301',
  'a soft hyphen': 'al\u00adice',
  'a zero-width space': 'ali\u200bce',
  'a zero-width joiner': 'alice\u200d',
  'a word joiner': '\u2060alice',
  'a byte order mark': '\ufeffalice',
  'a right-to-left override': '\u202eecila',
  'an isolate': '\u2066alice\u2069',
  'a right-to-left mark': 'alice\u200f',
  'tag characters': 'alice\u{e0041}',
  'a variation selector': 'alice\ufe0f',
  'a Hangul filler': 'alice\u3164',
  'a blank before it': ' alice',
  'a blank behind it': 'alice ',
  'a no-break space': 'alice\u00a0',
  'a line feed': 'alice\n',
  'a carriage return': 'alice\r',
  'a tab': 'al\tice',
  'a NUL': 'alice\0',
  DEL: 'alice\u007f',
  'a backspace': 'alicf\be',
  'an escape sequence': '\u001b[31malice',
  'the C1 form of one': '\u009b31malice',
  'a command of the raw form': 'alice#6000',
  'a path': '../alice',
  'a digit first': '1alice',
  'a sign first': '-alice',
  'an @': '@alice',
  'no letters': '',
  '33 letters': 'a'.repeat(33),
  '60,000 letters': 'a'.repeat(60_000),
};

describe('people: names that look like others', () => {
  for (const [what, name] of Object.entries(LOOK_ALIKES)) {
    test(`${what}: nobody can be called so, be asked for, paid or befriended`, () =>
      witness.through(async () => {
        const stranger = await Client.connect(target, SUITE);
        await assertCode(400, stranger.ask('register', { name }), stranger.ask('login', { name, port: 0 }));
        for (const method of ['lookup', 'befriend', 'unfriend']) {
          await assertCode(400, alice.ask(method, { name }));
        }
        stranger.link.destroy();
      }));
  }

  for (const name of ['ALICE', 'Alice', 'aLiCe']) {
    test(`${name} is alice: taken for others, and herself for her own key`, () =>
      witness.through(async () => {
        const stranger = await Client.connect(target, SUITE);
        await assertCode(210, stranger.ask('register', { name }));
        await assertCode(220, stranger.ask('login', { name, port: 0 }));
        assert.equal(resultOf(await alice.ask('lookup', { name }))['name'], 'alice');
        stranger.link.destroy();
      }));
  }

  test('what is no text is no name', () =>
    witness.through(async () => {
      const stranger = await Client.connect(target, SUITE);
      for (const name of [null, 1, true, ['alice'], { name: 'alice' }, Buffer.from('alice')]) {
        await assertCode(400, stranger.ask('register', { name }));
      }
      await assertCode(400, stranger.ask('register', {}));
      stranger.link.destroy();
    }));
});

describe('people: who learns that somebody is online', () => {
  const presence = (client: Client) =>
    client.told.filter(([method]) => method === 'presence').map(([, told]) => told);

  /** Comes and goes, and is seen by whom it may concern. */
  async function comesAndGoes(client: Client): Promise<Client> {
    await assertCode(100, client.ask('exit'));
    const back = await Client.connect(target, { ...SUITE, staticKeys: client.keys });
    await assertCode(100, back.ask('login', { name: 'quiet', port: 0 }));
    return back;
  }

  test('friends alone are told: nobody who asks, is asked, or was a friend once', () =>
    witness.through(async () => {
      let quiet = await Client.member(target, 'quiet', SUITE);
      const [stranger, asker, asked, former, friend] = await Promise.all(
        ['stranger', 'asker', 'asked', 'former', 'friend'].map((name) => Client.member(target, name, SUITE)),
      );
      assert.ok(stranger && asker && asked && former && friend);
      await assertCode(100, asker.ask('befriend', { name: 'quiet' }));
      for (const name of ['asked', 'former', 'friend']) {
        await assertCode(100, quiet.ask('befriend', { name }));
      }
      for (const client of [former, friend]) {
        await assertCode(100, client.ask('befriend', { name: 'quiet' }));
      }
      await assertCode(100, quiet.ask('unfriend', { name: 'former' }));
      quiet = await comesAndGoes(quiet);
      await assertCode(100, friend.ask('list'));
      assert.deepEqual(presence(friend), [
        { name: 'quiet', online: false },
        { name: 'quiet', online: true },
      ]);
      for (const client of [stranger, asker, asked, former]) {
        await assertCode(100, client.ask('list'));
        assert.deepEqual(presence(client), []);
      }
      // Coming on another link is no news to a friend.
      const again = await Client.connect(target, { ...SUITE, staticKeys: quiet.keys });
      await assertCode(100, again.ask('login', { name: 'quiet', port: 0 }));
      await assertCode(100, friend.ask('list'));
      assert.equal(presence(friend).length, 2);
    }));

  test('before a login nothing is told of anybody', () =>
    witness.through(async () => {
      const nobody = await Client.connect(target, SUITE);
      for (const name of ['alice', 'nobody-at-all']) {
        for (const method of ['lookup', 'befriend', 'unfriend']) {
          await assertCode(220, nobody.ask(method, { name }));
        }
        await assertCode(220, nobody.ask('login', { name, port: 0 }));
      }
      for (const method of ['list', 'friends', 'history', 'exit']) {
        await assertCode(220, nobody.ask(method));
      }
      nobody.link.destroy();
    }));

  test('a look-up says what the wire says and no more: no balance, no friends, no address of who is away', () =>
    witness.through(async () => {
      const away = await Client.member(target, 'gone', SUITE);
      await assertCode(100, away.ask('exit'));
      const keysOf = async (name: string) =>
        Object.keys(resultOf(await alice.ask('lookup', { name }))).toSorted();
      assert.deepEqual(await keysOf('gone'), ['key', 'name', 'online']);
      assert.deepEqual(await keysOf('alice'), ['host', 'key', 'name', 'online', 'port']);
      const { host, port } = resultOf(await alice.ask('lookup', { name: 'alice' }));
      assert.deepEqual([host, port], [null, null], 'she takes no links');
    }));

  test('look-ups in masses: one account comes to an end of them, and nobody else does', () =>
    witness.through(async () => {
      const scraper = await Client.member(target, 'scraper', SUITE);
      let [asked, refused] = [0, 0];
      while (refused === 0 && asked < 4 * REQUESTS_BURST) {
        // Answers come in the order of the requests: with the last of a thousand all are there.
        const first = asked + 1_000;
        const pipeline = Array.from({ length: 999 }, (_, at) =>
          encodeRequest(first + at, 'lookup', { name: `name-${asked + at}` }),
        );
        scraper.link.send(Buffer.concat(pipeline));
        await scraper.askAs(first + 999, 'lookup', { name: 'alice' });
        asked += 1_000;
        const codes = Array.from({ length: 1_000 }, (_, at) => scraper.answers.get(first + at)?.error?.code);
        refused = codes.filter((code) => code === 429).length;
      }
      assert.ok(refused > 0, `${asked} look-ups, and none refused`);
      await assertCode(310, alice.ask('lookup', { name: 'name-1' }));
      await assertCode(100, scraper.ask('exit'));
    }));
});

describe('people: names taken in masses', () => {
  test('one network takes so many and no more, by however many keys and links; others still register', () =>
    land.witness.through(async () => {
      const squatter = await Client.connect(land, SUITE);
      let taken = 0;
      for (let round = 0; taken === round * 50 && round < 10; round++) {
        const names = Array.from({ length: 50 }, (_, at) => `squat-${round}-${at}`);
        const codes = await Promise.all(
          names.map(async (name) => codeOf(await squatter.ask('register', { name }))),
        );
        assert.ok(codes.every((code) => code === 100 || code === 429));
        taken += codes.filter((code) => code === 100).length;
      }
      assert.ok(taken < 2 * REGISTRATIONS_BURST, `${taken} names`);
      const codes = await Promise.all(
        Array.from({ length: 20 }, async (_, at) => {
          const other = await Client.connect(land, { ...SUITE, staticKeys: generateKeyPair() });
          const code = codeOf(await other.ask('register', { name: `other-${at}` }));
          other.link.destroy();
          return code;
        }),
      );
      assert.ok(codes.filter((code) => code === 429).length > 10, codes.join());
      if (!MANY_ADDRESSES) {
        return;
      }
      const { port } = await intercept(leftovers, land, ({ bytes }) => [bytes]);
      const elsewhere = await Client.member({ port, key: land.key }, 'from-elsewhere', SUITE);
      await assertCode(100, elsewhere.ask('exit'));
      squatter.link.destroy();
    }));

  test('those who have a name come and go as before, and the audit passes', () => land.stop());
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
