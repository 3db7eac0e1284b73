// The prompt without a person: commands from a pipe.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Leftovers, Person, RunningServer } from '../support/programs.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
let server: RunningServer;
const words = () => ['127.0.0.1', String(server.port), '--server-key', server.key];

describe('commands from a pipe', () => {
  before(async () => {
    server = await RunningServer.start(leftovers);
  });

  test('one a line, one after the other, without prompts, ended by the end of the file', async () => {
    const lines = ['REGISTER#alice', 'alice#0', 'pay bob 1', '', 'whatever', 'history', 'list'];
    const { status, stdout, stderr } = await new Person(leftovers).pipe(`${lines.join('\n')}\n`, ...words());
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(
      stdout
        .split('\n')
        .map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'DATE').replace(/ \d+$/, ' PORT')),
      [
        '100 OK',
        'Balance: 10,000.00 dollars',
        'Online: PORT',
        'alice  127.0.0.1  PORT',
        'FAIL: Payee does not exist',
        'please type the right option number! (help lists the commands)',
        'DATE  +10,000.00  from issuer',
        'Balance: 10,000.00 dollars',
        'Online: PORT',
        'alice  127.0.0.1  PORT',
        'Bye!',
        '',
      ],
    );
  });

  test('the last line needs no line feed, and what is asked for is answered by the next lines', async () => {
    const { status, stdout } = await new Person(leftovers).pipe('R\nbob\nL\nbob\n0\nexit', ...words());
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^100 OK\nBalance: 10,000\.00 dollars\nOnline: 1\nbob {2}127\.0\.0\.1 {2}\d+\nBye!\n$/,
    );
  });

  test('a payment is delivered directly before the end of the file ends it all', async () => {
    const carol = new Person(leftovers).start(...words());
    carol.write('register carol\nlogin carol\n');
    await carol.line('Online:');
    const dave = new Person(leftovers);
    const { stdout } = await dave.pipe('register dave\nlogin dave\npay carol 2\n', ...words());
    assert.match(
      stdout,
      /Paid carol 2 dollars\nBalance: 9,998\.00 dollars\ncarol was told directly\nBye!\n$/,
    );
    assert.equal(await carol.line('gives you'), 'dave gives you 2 dollars (directly)');
    carol.end();
    assert.equal((await carol.ended).status, 0);
  });

  test('nothing at all on standard input is an end like any other', async () => {
    assert.deepEqual(await new Person(leftovers).pipe('', ...words()), {
      status: 0,
      stdout: 'Bye!\n',
      stderr: '',
    });
  });

  test('a line longer than any command is refused, and the next one is read', async () => {
    const { stdout } = await new Person(leftovers).pipe(`${'x'.repeat(100_000)}\nwhoami\n`, ...words());
    assert.match(stdout, /^This line is too long: at most 4200 characters\nname {10}not logged in\n/);
  });
});
