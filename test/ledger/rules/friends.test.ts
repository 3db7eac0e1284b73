import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keyOf, NOW, newPath, openAt, registerAll } from '../support/fixtures.ts';
import { type BefriendResult, MAX_FRIENDS, MAX_REQUESTS, type UnfriendResult } from '../support/internals.ts';

type Step = readonly ['befriend' | 'unfriend', 'alice' | 'bob'];

/** What the steps leave, as alice and as bob see it. */
const SEQUENCES: { steps: Step[]; alice?: string; bob?: string; changed: boolean }[] = [
  { steps: [['befriend', 'alice']], alice: 'asked', bob: 'asking', changed: true },
  { steps: [['befriend', 'bob']], alice: 'asking', bob: 'asked', changed: true },
  {
    steps: [
      ['befriend', 'alice'],
      ['befriend', 'alice'],
    ],
    alice: 'asked',
    bob: 'asking',
    changed: false,
  },
  {
    steps: [
      ['befriend', 'alice'],
      ['befriend', 'bob'],
    ],
    alice: 'friend',
    bob: 'friend',
    changed: true,
  },
  {
    steps: [
      ['befriend', 'alice'],
      ['befriend', 'bob'],
      ['befriend', 'alice'],
    ],
    alice: 'friend',
    bob: 'friend',
    changed: false,
  },
  {
    steps: [
      ['befriend', 'alice'],
      ['unfriend', 'alice'],
    ],
    changed: true,
  },
  {
    steps: [
      ['befriend', 'alice'],
      ['unfriend', 'bob'],
    ],
    changed: true,
  },
  {
    steps: [
      ['befriend', 'alice'],
      ['unfriend', 'bob'],
      ['befriend', 'bob'],
    ],
    alice: 'asking',
    bob: 'asked',
    changed: true,
  },
  {
    steps: [
      ['befriend', 'alice'],
      ['befriend', 'bob'],
      ['unfriend', 'bob'],
    ],
    changed: true,
  },
  { steps: [['unfriend', 'alice']], changed: false },
];

describe('friends', () => {
  for (const commits of ['each', 'once']) {
    for (const { steps, alice, bob, changed } of SEQUENCES) {
      const words = steps.map(([verb, who]) => `${who} ${verb}s`).join(', ');
      test(`${words} (committed ${commits})`, async (t) => {
        const path = newPath(t);
        const ledger = await openAt(t, path);
        await registerAll(ledger, 'alice', 'bob');
        let last: BefriendResult | UnfriendResult | undefined;
        for (const [verb, who] of steps) {
          last = ledger[verb](who, who === 'alice' ? 'bob' : 'alice');
          if (commits === 'each') {
            await ledger.commit();
          }
        }
        await ledger.commit();
        assert.equal(last?.status === 'ok' && last.changed, changed);
        await ledger.close();

        const reopened = await openAt(t, path);
        assert.deepEqual(
          reopened.friends('alice'),
          alice === undefined ? [] : [{ name: 'bob', state: alice }],
        );
        assert.deepEqual(reopened.friends('bob'), bob === undefined ? [] : [{ name: 'alice', state: bob }]);
      });
    }
  }

  test('are sorted by name', async (t) => {
    const ledger = await openAt(t, newPath(t));
    await registerAll(ledger, 'm', 'z', 'b', 'y', 'a');
    for (const name of ['z', 'a', 'y', 'b']) {
      ledger.befriend('m', name);
    }
    assert.deepEqual(
      ledger.friends('m').map(({ name }) => name),
      ['a', 'b', 'y', 'z'],
    );
  });

  test('strangers cannot use up the places: half stay for asking, and accepting needs none', async (t) => {
    const ledger = await openAt(t, newPath(t), { grant: 0 });
    await registerAll(ledger, 'alice');
    for (let i = 0; i < MAX_FRIENDS; i += 1) {
      ledger.register(`s${i}`, keyOf('s'), NOW);
    }
    for (let i = 0; i < MAX_REQUESTS; i += 1) {
      assert.equal(ledger.befriend(`s${i}`, 'alice').status, 'ok');
    }
    assert.equal(ledger.befriend(`s${MAX_REQUESTS}`, 'alice').status, 'too_many');
    for (let i = MAX_REQUESTS; i < MAX_FRIENDS; i += 1) {
      assert.equal(ledger.befriend('alice', `s${i}`).status, 'ok');
    }
    assert.equal(ledger.friends('alice').length, MAX_FRIENDS);
    assert.deepEqual(ledger.befriend('alice', 's0'), { status: 'ok', state: 'friend', changed: true });
    await ledger.commit();
  });
});
