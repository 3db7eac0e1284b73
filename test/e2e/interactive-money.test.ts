// Money at the prompt when things go wrong: what is unknown can be asked again, and what came is shown.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { Link } from '../../src/link/index.ts';
import { profileFolder, saveProfile } from '../../src/profile/index.ts';
import {
  encodeError,
  encodeNotification,
  encodeResult,
  type Fields,
  OK,
  type Transfer,
} from '../../src/protocol/index.ts';
import { afterLogin, startFake, VIEW } from '../client/support/fake-server.ts';
import { LOCAL, type Target } from '../client/support/fixtures.ts';
import { Leftovers, Person } from '../support/programs.ts';
import type { Terminal } from '../support/terminal.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());

const CLIENT = join(import.meta.dirname, '../../src/cli/bin/farthing.ts');
const GIFT: Transfer = {
  seq: 7,
  id: new Uint8Array(16),
  from: 'bob',
  to: 'alice',
  amount: 500,
  memo: '',
  at: 1,
};
const GIVES = 'bob gives you 5 dollars (through the server)';
const BYE = { text: 'Bye!' };

const wordsFor = ({ port, key }: Target) => [
  LOCAL,
  String(port),
  '--server-key',
  Buffer.from(key).toString('hex'),
];

/** What a request asks of a fake server, which sends back what `answer` makes of it. */
type Answer = (method: string, params: Fields, link: Link) => object | undefined;

/**
 * A server that logs everybody in as alice, and leaves unanswered what has no answer. `logins`: the names
 * that it is told.
 */
function serverThat(t: TestContext, answer: Answer, logins: unknown[] = []): Promise<Target> {
  const loggedIn = afterLogin((message, link) => {
    if (message.type !== 'request') {
      return;
    }
    const result = answer(message.method, message.params, link);
    if (result !== undefined) {
      link.send(encodeResult(message.id, result));
    }
  });
  return startFake(t, (message, link) => {
    if (message.type === 'request' && message.method === 'login') {
      logins.push(message.params['name']);
    }
    loggedIn(message, link);
  });
}

async function aliceAt(t: TestContext, server: Target, alice = new Person(leftovers)): Promise<Terminal> {
  const terminal = alice.open(t, [...wordsFor(server), '--profile', 'work']);
  await terminal.expect('> ');
  terminal.type('login alice');
  await terminal.expect('[alice] > ');
  return terminal;
}

/** The command that the terminal shows, run by a shell as the same person. */
async function pasted(terminal: Terminal, { env }: Person): Promise<string> {
  const [command = assert.fail(String(terminal.screen))] = /^farthing pay .*$/m.exec(terminal.raw) ?? [];
  const script = `farthing() { "${process.execPath}" "${CLIENT}" "$@"; }\n${command.trimEnd()}`;
  return (await promisify(execFile)('sh', ['-c', script], { env })).stdout;
}

/** What a server that pays answers. */
function paid({ to, amount, memo, id }: Fields): object {
  const transfer = { seq: 8, id, from: 'alice', to, amount, memo, at: 1 };
  return { ...OK, transfer, balance: 1, payee: null };
}

describe('a payment whose outcome is unknown at the prompt', () => {
  const MEMO = "it's bob's, $5 `off` \u202e";

  test('Ctrl-C while paying: the whole command that sends the same order again', async (t) => {
    const orders: Fields[] = [];
    const logins: string[] = [];
    const asked = Promise.withResolvers<void>();
    const pays: Answer = (method, params) => {
      if (method !== 'pay') {
        return BYE;
      }
      orders.push(params);
      asked.resolve();
      return orders.length === 1 ? undefined : paid(params);
    };
    const server = await serverThat(t, pays, logins);
    const alice = new Person(leftovers);
    const terminal = await aliceAt(t, server, alice);
    terminal.type(`pay bob 1.50 for ${MEMO}`);
    await asked.promise;
    terminal.press('\x03');
    await terminal.expect('the payment may have been made, or not');
    await terminal.expect('It is safe to send it again');
    await terminal.expect('Bye!');
    assert.equal(await terminal.ended, 130);

    // An order is one payer's: what the profile remembers by now must not matter.
    await saveProfile(profileFolder('work', alice.env), { name: 'carol', server: `${LOCAL}:1` });
    assert.match(await pasted(terminal, alice), /^Paid bob 1\.50 dollars/);
    assert.deepEqual(logins, ['alice', 'alice']);
    const [first, again] = orders;
    assert.equal(first?.['memo'], MEMO);
    assert.deepEqual(again, first);
  });

  test('Ctrl-C while paying, and the answer comes all the same: it is shown', async (t) => {
    const asked = Promise.withResolvers<void>();
    let order: { id: number; params: Fields } | undefined;
    const server = await startFake(
      t,
      afterLogin((message, link) => {
        if (message.type !== 'request') {
          return;
        }
        if (message.method === 'pay') {
          order = message;
          asked.resolve();
        } else if (order !== undefined) {
          link.send(encodeResult(order.id, paid(order.params)));
          link.send(encodeResult(message.id, BYE));
        }
      }),
    );
    const terminal = await aliceAt(t, server);
    terminal.type('pay bob 1');
    terminal.type('pay bob 2');
    await asked.promise;
    terminal.press('\x03');
    await terminal.expect('Paid bob 1 dollars');
    await terminal.expect('Bye!');
    assert.equal(await terminal.ended, 130);
    assert.doesNotMatch(terminal.raw, /may have been made|FAIL|Paid bob 2/);
  });

  test('the link broke for good: the same command, said once', async (t) => {
    const orders: Fields[] = [];
    const server = await startFake(t, (message, link) => {
      if (message.type !== 'request') {
        return;
      }
      if (message.method === 'pay') {
        orders.push(message.params);
        link.destroy();
      } else if (orders.length > 0) {
        link.send(encodeError(message.id, { code: 220, name: 'AUTH_FAIL', text: '220 AUTH_FAIL' }));
      } else {
        link.send(encodeResult(message.id, VIEW));
      }
    });
    const terminal = await aliceAt(t, server);
    terminal.type('pay bob 1');
    await terminal.expect('the payment may have been made, or not');
    await terminal.expect('Bye!');
    assert.equal(await terminal.ended, 4);
    const id = Buffer.from(orders[0]?.['id'] as Uint8Array).toString('hex');
    const command = `farthing pay bob 1.00 --id ${id} --as alice --server ${LOCAL}:${server.port} --profile work`;
    assert.equal(terminal.raw.split(command).length, 2);
    assert.equal(terminal.raw.split('may have been made').length, 2);
  });
});

describe('money that comes', () => {
  test('just before the end is still shown', async (t) => {
    const server = await serverThat(t, (_method, _params, link) => {
      link.send(encodeNotification('paid', { transfer: GIFT }));
      return BYE;
    });
    const terminal = await aliceAt(t, server);
    terminal.type('exit');
    await terminal.expect(GIVES);
    await terminal.expect('Bye!');
    assert.equal(await terminal.ended, 0);
  });

  test('is shown among more chatter than is kept for a reader who lags behind', async (t) => {
    const NOTICES = 4_000;
    const chatter = 'x'.repeat(1_000);
    const whole = Promise.withResolvers<void>();
    let lists = 0;
    const server = await serverThat(t, (method, _params, link) => {
      if (method === 'exit') {
        return BYE;
      }
      lists += 1;
      if (lists > 1) {
        // Whoever asks again has heard all that came before the answer.
        whole.resolve();
        return VIEW;
      }
      for (let n = 0; n < NOTICES; n++) {
        link.send(encodeNotification('notice', { text: chatter }));
      }
      link.send(encodeNotification('paid', { transfer: GIFT }));
      return VIEW;
    });
    const child = spawn(process.execPath, [CLIENT, ...wordsFor(server)], {
      env: new Person(leftovers).env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    child.stdin.end('login alice\nlist\nlist\nexit\n');
    await whole.promise;
    const shown = await text(child.stdout);
    const notices = shown.split('The server says: ').length - 1;
    const [, missing] = /\n([0-9]+) lines were not shown\n/.exec(shown) ?? [];
    assert.equal(notices + Number(missing), NOTICES);
    assert.ok(notices < NOTICES / 2, `${notices} notices were kept`);
    assert.ok(shown.includes(`\n${GIVES}\n`));
    assert.ok(shown.endsWith('\nBye!\n'));
  });
});
