// What is private never reaches a log: whatever is done to a server, its whole output is searched for it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { generateKeyPair } from '../../../../src/link/index.ts';
import { encodeRequest } from '../../../../src/protocol/index.ts';
import { Client, codeOf } from '../../../server/support/client.ts';
import { newFolder, Person } from '../../../support/programs.ts';

const MEMO = 'memo-that-is-nobody-elses-business';
const CHAT = 'chat-that-is-nobody-elses-business';
const NONSENSE = 'method-that-holds-a-secret';
const ORDER = new Uint8Array(16).fill(0xc5);

/** A thing in every form in which it could slip into a text. */
function forms(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  return [
    buffer.toString('hex'),
    buffer.toString('base64').replace(/=+$/, ''),
    buffer.toString('base64url'),
    [...bytes].join(','),
    [...bytes].map((byte, index) => `"${index}":${byte}`).join(','),
  ];
}

/** Pays, chats where it cannot be heard, errs and breaks off, with secrets in every place that takes one. */
async function live(port: number, key: Uint8Array): Promise<Uint8Array[]> {
  const people = [generateKeyPair(), generateKeyPair(), generateKeyPair()];
  const [aliceKeys, bobKeys, carolKeys] = people;
  assert.ok(aliceKeys && bobKeys && carolKeys);
  const target = { port, key };
  const alice = await Client.member(target, 'alice', { staticKeys: aliceKeys });
  const bob = await Client.member(target, 'bob', { staticKeys: bobKeys });
  const order = { to: 'bob', amount: 5, id: ORDER, memo: MEMO };
  assert.equal(codeOf(await alice.ask('pay', order)), 100);
  assert.equal(codeOf(await alice.ask('pay', { ...order, memo: `${MEMO}-2` })), 314);
  assert.equal(codeOf(await alice.ask('pay', { ...order, memo: MEMO.repeat(20) })), 400);
  assert.equal(codeOf(await alice.ask('pay', { ...order, to: MEMO })), 400);
  await bob.heard('paid');
  await alice.ask('history');
  await alice.ask('befriend', { name: 'bob' });
  // Chat goes from member to member; a client that sends it to the server instead is told that there is no
  // such thing.
  assert.equal(codeOf(await alice.ask('say', { text: CHAT })), 400);
  assert.equal(codeOf(await alice.ask(NONSENSE, { [NONSENSE]: CHAT })), 400);
  assert.equal(codeOf(await bob.ask('login', { name: MEMO, port: 0 })), 230);
  const carol = await Client.connect(target, { staticKeys: carolKeys });
  carol.link.send(new Uint8Array([...encodeRequest(1, 'pay', order), 0xc1]));
  assert.equal((await carol.closed)?.code, 'truncated');
  await alice.ask('exit');
  bob.link.destroy();
  return people.map(({ secretKey }) => secretKey);
}

async function serve(t: TestContext, flags: readonly string[]) {
  const folder = newFolder(t);
  const program = new Person(t).serve(
    '0',
    '--host',
    '127.0.0.1',
    '--data',
    folder,
    '--metrics',
    '0',
    ...flags,
  );
  const address = await program.line('farthing://');
  const [, port = '', key = ''] = /farthing:\/\/127\.0\.0\.1:(\d+)#([0-9a-f]{64})/.exec(address) ?? [];
  const [metricsUrl = ''] = /http:\/\/127[^"]*\/metrics/.exec(await program.line('/metrics')) ?? [];
  return { program, folder, metricsUrl, port: Number(port), key: new Uint8Array(Buffer.from(key, 'hex')) };
}

describe('a log', () => {
  for (const flags of [['--json'], ['--no-color']]) {
    test(`with ${flags[0]} names methods, names, amounts and codes; no memo, chat, order or key`, async (t) => {
      const { program, folder, metricsUrl, port, key } = await serve(t, flags);
      const secrets = await live(port, key);
      const metricsPage = await (await fetch(metricsUrl)).text();
      const log = await wholeLog(program, flags);
      const serverSecret = Buffer.from(readFileSync(join(folder, 'server.key'), 'latin1').trim(), 'hex');
      for (const text of [log, metricsPage]) {
        for (const secret of [...secrets, serverSecret, ORDER]) {
          for (const form of forms(secret)) {
            assert.ok(!text.includes(form), form);
          }
        }
        for (const phrase of ['nobody-elses-business', NONSENSE]) {
          assert.ok(!text.includes(phrase), phrase);
        }
      }
      for (const word of ['alice', 'bob', 'pay', 'unknown', '314', '400']) {
        assert.ok(log.includes(word), word);
      }
    });
  }
});

type Served = Awaited<ReturnType<typeof serve>>['program'];

/** All that it wrote, after a stop in good order. */
async function wholeLog(program: Served, flags: readonly string[]): Promise<string> {
  program.kill('SIGTERM');
  const { status, stdout, stderr } = await program.ended;
  assert.equal(status, 0, stderr);
  if (flags.includes('--json')) {
    for (const json of stdout.trimEnd().split('\n')) {
      JSON.parse(json);
    }
  }
  return stdout + stderr;
}
