import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Operation } from '../../src/ledger/index.ts';
import { temporaryFolder } from '../hub/support/town.ts';
import {
  Administration,
  answerControl,
  type Controlled,
  ControlSocket,
  encodeControl,
  parseControl,
  ServerError,
} from './support/internals.ts';

const ID = '11'.repeat(16);
const KEY = '22'.repeat(32);
const REASON = 'why';

const PLAIN = { noNullPrototype: true } as const;

/** Nothing that is asked here may reach a server. */
const UNTOUCHED: Controlled = {
  status: () => assert.fail('asked'),
  online: () => assert.fail('asked'),
  account: () => assert.fail('asked'),
  operate: () => assert.fail('asked'),
};

describe('what a request must look like', () => {
  const issue = { kind: 'issue', name: 'alice', amount: 5, id: ID, reason: REASON };
  const rekey = { kind: 'rekey', name: 'alice', key: KEY, reason: REASON };
  const MALFORMED: unknown[] = [
    null,
    7,
    'status',
    [],
    ['status'],
    {},
    { do: 'stop' },
    { do: '__proto__' },
    { do: ['status'] },
    { do: 'account' },
    { do: 'account', name: 7 },
    { do: 'account', name: '' },
    { do: 'account', name: 'Alice' },
    { do: 'account', name: '../alice' },
    { do: 'account', name: 'a'.repeat(33) },
    { do: 'operate' },
    { do: 'operate', operation: null },
    { do: 'operate', operation: [issue] },
    { do: 'operate', operation: { ...issue, kind: 'mint' } },
    { do: 'operate', operation: { ...issue, kind: 'constructor' } },
    { do: 'operate', operation: { ...issue, amount: '5' } },
    { do: 'operate', operation: { ...issue, amount: 1.5 } },
    { do: 'operate', operation: { ...issue, amount: 2 ** 53 } },
    { do: 'operate', operation: { ...issue, id: ID.slice(2) } },
    { do: 'operate', operation: { ...issue, id: `${ID}00` } },
    { do: 'operate', operation: { ...issue, id: `${ID.slice(2)}zz` } },
    { do: 'operate', operation: { ...issue, reason: '' } },
    { do: 'operate', operation: { ...issue, reason: 'x'.repeat(257) } },
    { do: 'operate', operation: { ...issue, reason: '\ud800' } },
    { do: 'operate', operation: { ...issue, reason: 7 } },
    { do: 'operate', operation: { ...issue, name: 'a b' } },
    { do: 'operate', operation: { ...rekey, key: KEY.slice(2) } },
    { do: 'operate', operation: { ...rekey, key: [1] } },
    { do: 'operate', operation: { kind: 'freeze', name: 'alice' } },
  ];
  for (const document of MALFORMED) {
    const line = JSON.stringify(document);
    test(`${line.slice(0, 100)} is refused`, async () => {
      assert.match(await answerControl(line, UNTOUCHED), /^\{"error":\{"code":"bad_request"/);
    });
  }

  test('whatever the line is, it is a request or it is not', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => void parseControl(line)));
    fc.assert(fc.property(fc.json(), (line) => void parseControl(line)));
    const deep = `${'['.repeat(2000)}${']'.repeat(2000)}`;
    assert.equal(parseControl(deep), undefined);
  });

  test('every operation comes out as it went in', () => {
    const name = fc.constantFrom('alice', 'b', 'x.y-z_0');
    const reason = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' });
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const operation: fc.Arbitrary<Operation> = fc.oneof(
      fc.record({ kind: fc.constantFrom('freeze', 'unfreeze'), name, reason }, PLAIN),
      fc.record(
        {
          kind: fc.constantFrom('issue', 'redeem'),
          name,
          amount: fc.maxSafeInteger(),
          id: bytes(16),
          reason,
        },
        PLAIN,
      ),
      fc.record({ kind: fc.constant('rekey'), name, key: bytes(32), reason }, PLAIN),
    );
    fc.assert(
      fc.property(operation, (one) => {
        assert.deepEqual(parseControl(encodeControl({ do: 'operate', operation: one })), {
          do: 'operate',
          operation: one,
        });
      }),
    );
  });
});

describe('the operator at a folder', () => {
  const freeze: Operation = { kind: 'freeze', name: 'alice', reason: REASON };
  const ALICE = { name: 'alice', balance: 5, frozen: true };

  /** A server that answers so, one after another; undefined: it ends the connection. */
  async function serverThatSays(
    t: TestContext,
    ...answers: readonly (object | undefined)[]
  ): Promise<Administration> {
    const folder = temporaryFolder(t);
    const control = await ControlSocket.open(folder);
    t.after(() => control.close());
    const left = [...answers];
    control.serve(async () => {
      const answer = left.shift();
      if (answer === undefined) {
        throw new Error('ends here');
      }
      return JSON.stringify(answer);
    });
    return new Administration(folder);
  }

  test('asks again when the answer was lost, and takes what was done before for done', async (t) => {
    const operator = await serverThatSays(t, undefined, { ok: { status: 'already_frozen' } }, { ok: ALICE });
    assert.deepEqual(await operator.operate(freeze, 0), { status: 'exists', account: ALICE, transfer: null });
  });

  test('is told when nothing was lost, and it was so before', async (t) => {
    const operator = await serverThatSays(t, { ok: { status: 'already_frozen' } });
    assert.deepEqual(await operator.operate(freeze, 0), { status: 'already_frozen' });
  });

  test('is told when the answer was lost twice', async (t) => {
    const operator = await serverThatSays(t, undefined, undefined);
    await assert.rejects(operator.operate(freeze, 0), { code: 'no_answer' });
  });

  test('does not know what came of it when asking again was refused, or only what it is like now is missing', async (t) => {
    const full = await serverThatSays(t, undefined, { error: { code: 'data_full', text: 'no room' } });
    await assert.rejects(full.operate(freeze, 0), { code: 'no_answer' });
    const failed = await serverThatSays(t, undefined, { ok: { status: 'failed', text: 'no room' } });
    await assert.rejects(failed.operate(freeze, 0), { code: 'no_answer' });
    const done = await serverThatSays(t, undefined, { ok: { status: 'already_frozen' } }, undefined);
    await assert.rejects(done.operate(freeze, 0), { code: 'no_answer' });
  });

  const NONSENSE: object[] = [[], {}, { error: 'x' }, { error: { text: 7 } }];
  for (const answer of NONSENSE) {
    test(`does not take ${JSON.stringify(answer)} for an answer`, async (t) => {
      const operator = await serverThatSays(t, answer);
      await assert.rejects(operator.status(), { code: 'not_answering' });
    });
  }

  test('knows what came of nothing it looked at: only of what was to be done', async (t) => {
    const looking = await serverThatSays(t);
    for (const look of [() => looking.status(), () => looking.account('alice'), () => looking.accounts()]) {
      await assert.rejects(look(), { code: 'not_answering' });
    }
  });

  test('hears why a server refuses', async () => {
    const stopped: Controlled = {
      ...UNTOUCHED,
      online: () => Promise.reject(new ServerError('data_io', 'the reason')),
    };
    const line = await answerControl('{"do":"online"}', stopped);
    assert.equal(line, '{"error":{"code":"data_io","text":"the reason"}}');
  });
});
