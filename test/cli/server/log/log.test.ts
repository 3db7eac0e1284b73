import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerEvent } from '../../../../src/hub/index.ts';
import { logLine, paint } from '../../support/internals.ts';

const CASES: [event: ServerEvent, line: string][] = [
  [
    { event: 'message', n: 12, conn: 3, direction: 'recv', kind: 'request', method: 'login', name: 'alice' },
    '#12 [conn 3] recv login alice',
  ],
  [
    {
      event: 'message',
      n: 13,
      conn: 3,
      direction: 'send',
      kind: 'response',
      method: 'login',
      account: 'alice',
      code: 100,
    },
    '#13 [conn 3] send login 100',
  ],
  [
    {
      event: 'message',
      n: 14,
      conn: 3,
      direction: 'recv',
      kind: 'request',
      method: 'pay',
      account: 'alice',
      to: 'bob',
      amount: 1250,
    },
    '#14 [conn 3] recv pay to bob (1250 minor units)',
  ],
  [{ event: 'login', conn: 3, name: 'alice' }, 'User alice log in'],
  [{ event: 'logout', conn: 3, name: 'alice' }, 'User alice log out'],
  [{ event: 'connect', conn: 3, host: '127.0.0.1' }, '[conn 3] connected from 127.0.0.1'],
  [
    { event: 'disconnect', conn: 3, host: '127.0.0.1', reason: 'idle_timeout' },
    '[conn 3] disconnected: idle timeout',
  ],
  [
    { event: 'unopened', host: '127.0.0.1', reason: 'bad_prelude' },
    'a connection from 127.0.0.1 was not taken: bad prelude',
  ],
  [{ event: 'warning', text: 'x\u001b[2J' }, 'warning: x\\u{1b}[2J'],
];
for (const [event, line] of CASES) {
  test(line, () => assert.equal(logLine(event, paint(false)), line));
}
