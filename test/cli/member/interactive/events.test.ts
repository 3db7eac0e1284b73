import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import type { Prompt } from '../../support/internals.ts';
import { OnlineNames, showEvents } from '../../support/internals.ts';

/** A session whose screen says of each line whether it could have been left out. */
function session(): { wallet: EventEmitter; shown: string[] } {
  const wallet = Object.assign(new EventEmitter(), { currency: { name: 'dollars', scale: 2 } });
  const shown: string[] = [];
  const screen = {
    columns: undefined,
    print: (...lines: string[]) => shown.push(...lines.map((line) => `certain: ${line}`)),
    offer: (...lines: string[]) => shown.push(...lines.map((line) => `passing: ${line}`)),
  };
  const plain = (line: string) => line;
  const paint = { bad: plain, faint: plain, gain: plain, name: plain, notable: plain, strong: plain };
  showEvents({ wallet, screen, paint, names: new OnlineNames(), end: () => {} } as unknown as Prompt);
  return { wallet, shown };
}

describe('what comes by itself while the reader lags behind', () => {
  test('what others send without end may be left out', () => {
    const { wallet, shown } = session();
    wallet.emit('said', { from: 'bob', text: 'hello' });
    wallet.emit('presence', { name: 'bob', online: true });
    wallet.emit('notice', 'maintenance at noon');
    assert.deepEqual(shown, [
      'passing: bob: hello',
      'passing: bob is online',
      'passing: The server says: maintenance at noon',
    ]);
  });

  test('money, and why the session ends, may not', () => {
    const { wallet, shown } = session();
    const transfer = {
      seq: 1,
      id: new Uint8Array(16),
      from: 'bob',
      to: 'alice',
      amount: 500,
      memo: '',
      at: 1,
    };
    wallet.emit('paid', { transfer, directly: true });
    wallet.emit('kicked', 'another login');
    wallet.emit('lost', new Error('the connection broke'));
    assert.deepEqual(shown, [
      'certain: bob gives you 5 dollars (directly)',
      'certain: The server says: another login',
      'certain: The server is lost: the connection broke',
    ]);
  });
});
