// Codec: messages that are well formed and mean harm.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { encodeNotification, encodeRequest } from '../../src/protocol/index.ts';
import { Leftovers } from '../support/programs.ts';
import { hex, listWith } from './support/bytes.ts';
import { codeOf, Intruder, resultOf } from './support/intruder.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;

/** Somebody who is logged in. */
const member = await Intruder.member(target, 'mallory');
const ID = new Uint8Array(16);

/** Sends these bytes as a member; the server answers with that code, and the link lives on. */
function answered(code: number, ...bodies: readonly Uint8Array[]): Promise<void> {
  return witness.through(async () => {
    for (const body of bodies) {
      await member.send(member.data(body));
      assert.equal(codeOf(await member.answer()), code, Buffer.from(body).toString('hex').slice(0, 200));
    }
    assert.equal(codeOf(await member.ask('list')), 100);
  });
}

/** Names that every object of JavaScript answers to. */
const INHERITED = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'prototype',
];

/** A str of fewer than 32 bytes, for {@link hex}. */
const text = (value: string) => `${(0xa0 + value.length).toString(16)}'${value}'`;

describe('codec: __proto__, constructor and toString', () => {
  test('as keys that nobody knows: ignored', () =>
    answered(
      100,
      ...INHERITED.map((key) => listWith(`81 ${text(key)} 81 a4'name' a5'admin'`)),
      listWith(
        `83 ${text('__proto__')} 90 ${text('__proto_')} c0 ${text('constructor')} 81 ${text('prototype')} 80`,
      ),
    ));

  test('as keys that would bring what is missing: 400', () =>
    answered(
      400,
      hex(`94 00 01 a6'lookup' 81 ${text('__proto__')} 81 a4'name' a4'shop'`),
      hex(`94 00 01 a6'lookup' 81 ${text('__proto_')} 81 a4'name' a4'shop'`),
      hex(`94 00 01 a6'lookup' 81 ${text('constructor')} 81 a4'name' a4'shop'`),
    ));

  test('as methods: 400', () =>
    answered(400, ...INHERITED.map((method, id) => encodeRequest(id, method, {}))));

  test('as notifications: ignored', () =>
    answered(
      100,
      ...INHERITED.map((method) =>
        Buffer.concat([encodeNotification(method, {}), encodeRequest(1, 'list', {})]),
      ),
    ));

  test('as user names: those with a letter first are names like others', () =>
    witness.through(async () => {
      for (const name of INHERITED) {
        const free = /^[a-z]/i.test(name);
        assert.equal(codeOf(await member.ask('lookup', { name })), free ? 310 : 400, name);
        assert.equal(
          codeOf(await member.ask('pay', { to: name, amount: 1, id: ID })),
          free ? 310 : 400,
          name,
        );
        const someone = await Intruder.open(target);
        assert.equal(codeOf(await someone.ask('login', { name, port: 0 })), free ? 220 : 400, name);
        assert.equal(codeOf(await someone.ask('register', { name })), free ? 100 : 400, name);
        if (!free) {
          await someone.stranger.hangUp();
          continue;
        }
        const order = { to: name, amount: 1, id: Buffer.from(name.padEnd(16).slice(0, 16)) };
        assert.equal(codeOf(await member.ask('pay', order)), 311, name);
        assert.equal(codeOf(await someone.ask('login', { name, port: 0 })), 100, name);
        const transfer = resultOf(await member.ask('pay', order))['transfer'] as { to: string };
        assert.equal(transfer.to, name.toLowerCase());
        assert.equal(codeOf(await someone.ask('list')), 100);
        assert.deepEqual(
          someone.told.map(([method]) => method),
          ['paid'],
        );
        await someone.exit();
      }
    }));

  test('as memos: kept as they are', () =>
    witness.through(async () => {
      for (const [at, memo] of INHERITED.entries()) {
        const id = new Uint8Array(16).fill(0x40 + at);
        const answer = await member.ask('pay', { to: 'shop', amount: 1, id, memo });
        const transfer = resultOf(answer)['transfer'] as { memo: string };
        assert.equal(transfer.memo, memo);
      }
    }));
});

describe('codec: unknown fields and methods', () => {
  const keys = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));

  test('fields that are not known, up to 64 of them, of any value: ignored', () =>
    answered(
      100,
      encodeRequest(1, 'list', keys(64)),
      encodeRequest(2, 'list', { x: new Uint8Array(65_000) }),
      encodeRequest(3, 'list', { x: 'y'.repeat(65_000) }),
      encodeRequest(4, 'list', { x: Array.from({ length: 60_000 }, () => null) }),
      // Seven more containers in the message's own: eight.
      listWith(`81 a1'x' 91*6 c0`),
    ));

  test('methods that there are not: 400', () =>
    answered(
      400,
      ...[
        '',
        ' ',
        'LIST',
        'list\0',
        'list ',
        'hello',
        'say',
        'paid',
        'audit',
        'issue',
        'x'.repeat(65_000),
      ].map((method, id) => encodeRequest(id, method, {})),
    ));

  test('fields of another type, length or range: 400', () =>
    answered(
      400,
      encodeRequest(1, 'lookup', {}),
      encodeRequest(1, 'lookup', { name: null }),
      encodeRequest(1, 'lookup', { name: 1 }),
      encodeRequest(1, 'lookup', { name: new TextEncoder().encode('shop') }),
      encodeRequest(1, 'lookup', { name: ['shop'] }),
      encodeRequest(1, 'lookup', { name: { toString: 'shop' } }),
      encodeRequest(1, 'lookup', { name: 'x'.repeat(33) }),
      encodeRequest(1, 'lookup', { name: '' }),
      encodeRequest(1, 'lookup', { name: 'shop\0' }),
      encodeRequest(1, 'history', { before: 0 }),
      encodeRequest(1, 'history', { before: '1' }),
      encodeRequest(1, 'history', { limit: 0 }),
      encodeRequest(1, 'history', { limit: 101 }),
      encodeRequest(1, 'history', { limit: -1 }),
      encodeRequest(1, 'pay', { to: 'shop', amount: 1 }),
      encodeRequest(1, 'pay', { to: 'shop', amount: 1, id: new Uint8Array(15) }),
      encodeRequest(1, 'pay', { to: 'shop', amount: 1, id: new Uint8Array(17) }),
      encodeRequest(1, 'pay', { to: 'shop', amount: 1, id: '0'.repeat(16) }),
      encodeRequest(1, 'pay', { to: 'shop', amount: '1', id: ID }),
      encodeRequest(1, 'pay', { to: 'shop', amount: true, id: ID }),
      encodeRequest(1, 'pay', { to: 'shop', amount: [1], id: ID }),
      encodeRequest(1, 'pay', { to: 'shop', amount: 1, id: ID, memo: 'm'.repeat(257) }),
      encodeRequest(1, 'pay', { to: 'shop', amount: 1, id: ID, memo: '\u20ac'.repeat(86) }),
      encodeRequest(1, 'pay', { to: 'shop', amount: 1, id: ID, memo: 1 }),
    ));

  test('ports that are none: 400', () =>
    witness.through(async () => {
      const someone = await Intruder.open(target);
      assert.equal(codeOf(await someone.ask('register', { name: 'harbour' })), 100);
      for (const port of [-1, 65_536, 2 ** 53 - 1, '80', null, undefined, true]) {
        const params = { name: 'harbour', ...(port === undefined ? {} : { port }) };
        assert.equal(codeOf(await someone.ask('login', params)), 400, String(port));
      }
      assert.equal(codeOf(await someone.ask('login', { name: 'harbour', port: 65_535 })), 100);
      await someone.exit();
    }));
});

describe('codec: integers at the ends of the subset', () => {
  const amount = (value: number) => encodeRequest(1, 'pay', { to: 'shop', amount: value, id: ID });

  test('2^53-1 as an amount: 312', () => answered(312, amount(Number.MAX_SAFE_INTEGER)));
  test('-(2^53-1), -1 and 0 as amounts: 313', () =>
    answered(313, amount(-Number.MAX_SAFE_INTEGER), amount(-1), amount(0)));

  test('0 and 2^32-1 as ids: answered under them', () =>
    witness.through(async () => {
      for (const id of [0, 0xffff_ffff]) {
        await member.send(member.data(encodeRequest(id, 'list', {})));
        assert.equal((await member.answer())?.id, id);
      }
    }));

  for (const [name, bytes] of [
    ['NaN', 'cb 7ff8000000000000'],
    ['-0', 'cb 8000000000000000'],
    ['1.5', 'cb 3ff8000000000000'],
    ['2^53', 'cf 0020000000000000'],
    ['2^64-1', 'cf ffffffffffffffff'],
    ['two amounts', "01 a6'amount' 02"],
  ] as const) {
    test(`${name} as an amount: the link ends, and nothing is paid`, () =>
      witness.through(async () => {
        const link = await Intruder.member(
          target,
          `spender-${name.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()}`,
        );
        const fields = name === 'two amounts' ? '84' : '83';
        await link.send(
          link.data(hex(`94 00 01 a3'pay' ${fields} a2'to' a4'shop' a2'id' c4 10 00*16 a6'amount' ${bytes}`)),
        );
        await link.assertClosed('bad_message');
        assert.equal(await link.payments(target), 0);
      }));
  }
});

describe('codec: trailing bytes', () => {
  for (const [name, tail] of [
    ['a nil', 'c0'],
    ['a zero', '00'],
    ['the beginning of another message', '94 00'],
    ['c1', 'c1'],
  ] as const) {
    test(`${name} behind a payment: the payment is made, and the link ends without an answer`, () =>
      witness.through(async () => {
        const link = await Intruder.member(target, `trailing-${tail.replaceAll(' ', '')}`);
        await link.send(link.data(encodeRequest(1, 'pay', { to: 'shop', amount: 1, id: ID }), hex(tail)));
        await link.assertClosed('bad_message');
        assert.equal(await link.payments(target), 1);
      }));
  }
});

describe('codec: ids reused while open', () => {
  test('the second gets 400 and the first its answer; it is paid once', () =>
    witness.through(async () => {
      const link = await Intruder.member(target, 'reuser');
      const pay = (byte: number) =>
        encodeRequest(7, 'pay', { to: 'shop', amount: 1, id: new Uint8Array(16).fill(byte) });
      await link.send(link.data(pay(1), pay(2), pay(3)));
      const answers = [await link.answer(), await link.answer(), await link.answer()];
      assert.deepEqual(
        answers.map((answer) => [answer?.id, codeOf(answer)]),
        [
          [7, 400],
          [7, 400],
          [7, 100],
        ],
      );
      // Answered, the id is free.
      await link.send(link.data(pay(4)));
      assert.equal(codeOf(await link.answer()), 100);
      assert.equal(await link.payments(target), 2);
      await link.stranger.hangUp();
    }));

  test('5,000 requests under one id in one record: hardly any has an answer of its own, the others 400', () =>
    witness.through(async () => {
      const link = await Intruder.open(target);
      const count = 5_000;
      await link.send(link.data(...Array.from({ length: count }, () => encodeRequest(1, 'list', {}))));
      const codes = new Map<number | undefined, number>();
      for (let each = 0; each < count; each++) {
        const code = codeOf(await link.answer());
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      // The server reads some hundred in a turn; an id that has been answered meanwhile is free again.
      const own = codes.get(220) ?? 0;
      assert.ok(own >= 1 && own <= count / 100, `${own} answers of their own`);
      assert.equal(own + (codes.get(400) ?? 0), count);
      await link.stranger.hangUp();
    }));
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await member.exit();
  await witness.newcomer();
  await target.stop();
});
