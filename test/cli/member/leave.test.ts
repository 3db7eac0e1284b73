import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GOODBYE_DEADLINE_MS, leave } from '../support/internals.ts';

/** What never happens. */
const NEVER = new Promise<never>(() => {});

/** Lets everything go on that waits for nothing but its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('taking leave', () => {
  test('gives the word of the server, once the wallet is closed', async () => {
    let closed = false;
    const close = async () => {
      await turn();
      closed = true;
    };
    assert.equal(await leave({ name: 'alice', exit: async () => 'Bye!', close }), 'Bye!');
    assert.ok(closed);
  });

  test('asks nothing of a server that does not know who we are', async () => {
    const exit = () => assert.fail('it was asked');
    assert.equal(await leave({ name: undefined, exit, close: async () => {} }), undefined);
  });

  for (const [what, wallet] of [
    ['never says a word', { exit: () => NEVER, close: () => NEVER }],
    ['says its word and never closes', { exit: async () => 'Bye!', close: () => NEVER }],
  ] as const) {
    test(`from a server that ${what} takes no longer than the one deadline`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      let isOver = false;
      const left = leave({ name: 'alice', ...wallet }).finally(() => {
        isOver = true;
      });
      await turn();
      t.mock.timers.tick(GOODBYE_DEADLINE_MS - 1);
      await turn();
      assert.ok(!isOver);
      t.mock.timers.tick(1);
      await turn();
      assert.ok(isOver);
      await left;
    });

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      test(`from a server that ${what} ends with a ${signal}`, async () => {
        const before = process.listenerCount(signal);
        const left = leave({ name: 'alice', ...wallet });
        await turn();
        process.emit(signal);
        await left;
        assert.equal(process.listenerCount(signal), before);
      });
    }
  }
});
