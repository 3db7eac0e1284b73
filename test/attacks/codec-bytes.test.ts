// Codec: bytes that are not of the subset. Whoever sends them is gone at once, and has no answer.
import { after, describe, test } from 'node:test';
import { encodeAgent } from '../../src/protocol/index.ts';
import { Leftovers } from '../support/programs.ts';
import { hex, listWith, listWithValue } from './support/bytes.ts';
import { Intruder } from './support/intruder.ts';
import { Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;

/** Sends each as the body of a record, as somebody new: closed without an answer. */
function refused(bodies: readonly Uint8Array[]): Promise<void> {
  return witness.through(async () => {
    for (const body of bodies) {
      const link = await Intruder.open(target);
      await link.send(link.data(body));
      await link.assertClosed('bad_message');
    }
  });
}

/** A value where a message is expected, in the place of params, and below a key that nobody knows. */
const everywhere = (value: string) => [hex(value), listWith(value), listWithValue(value)];

interface Attack {
  readonly name: string;
  /** One value each. */
  readonly values: readonly string[];
}

const VALUES: readonly Attack[] = [
  {
    name: 'nested-array bomb',
    values: [
      '91*65000 c0',
      '9f*60000',
      `${'dc ffff '.repeat(20_000)}`,
      '91*65000',
      `${'92 90 '.repeat(30_000)} c0`,
    ],
  },
  {
    name: 'depth bomb',
    values: [
      '91*9 c0',
      `${"81 a1'x' ".repeat(9)} c0`,
      `${"81 a1'x' ".repeat(16_000)} c0`,
      `${"91 81 a1'x' ".repeat(5)} c0`,
    ],
  },
  {
    name: 'giant claimed sizes',
    values: [
      'dd ffffffff',
      'df ffffffff',
      'db ffffffff',
      'c6 ffffffff',
      'c9 ffffffff 00',
      'df 80000000 c0*100',
      'dd 7fffffff c0*100',
      'dc ffff c0*100',
      'de ffff c0*100',
      'da ffff 78*100',
      'c5 ffff 00*100',
      'dd 00100000 dd 00100000 dd 00100000',
    ],
  },
  {
    name: 'ext types',
    values: [
      'd4 00 00',
      'd5 01 0000',
      'd6 ff 00000000',
      'd7 ff 0000000000000000',
      'd8 7f 00*16',
      'c7 00 00',
      'c7 0c ff 00*12',
      'c8 0001 00 00',
      'c9 00000001 00 00',
      // What the decoder behind the gate would take for types of its own: undefined, a record, a set, an
      // error, a reference.
      'd4 00 00',
      "d4 72 40 91 a1'x' c0",
      'd6 73 00000000',
      'd6 65 00000000 93 c0 c0 c0',
      'd6 70 00000000',
    ],
  },
  { name: 'the reserved byte c1', values: ['c1', '91 c1', "81 a1'x' c1", '81 c1 c0'] },
  {
    name: 'duplicate keys',
    values: [
      "82 a1'x' c0 a1'x' c0",
      "83 a1'x' 01 a1'y' 02 a1'x' 03",
      '82 a0 c0 a0 c0',
      "91 82 a1'x' c0 a1'x' c0",
    ],
  },
  {
    name: 'keys that are no text',
    values: ['81 01 c0', '81 c0 c0', '81 c3 c0', "81 c4 01 'x' c0", '81 90 c0', '81 80 c0'],
  },
  { name: 'more than 64 keys', values: [`de 0041 ${keys(65)}`, `de 4000 ${keys(64)}`] },
  {
    name: 'NaN, Infinity, -0 and 1.5 as floats',
    values: [
      'ca 7fc00000',
      'cb 7ff8000000000000',
      'cb 7ff0000000000000',
      'ca 80000000',
      'cb 8000000000000000',
      'ca 3fc00000',
      'cb 3ff8000000000000',
      'cb 3ff0000000000000',
    ],
  },
  {
    name: '2^53, uint64 and int64 at their ends',
    values: [
      'cf 0020000000000000',
      'cf 0020000000000001',
      'cf ffffffffffffffff',
      'cf 8000000000000000',
      'd3 ffe0000000000000',
      'd3 8000000000000000',
    ],
  },
  {
    name: 'integers, lengths and counts in longer forms than they need',
    values: [
      'cc 7f',
      'cd 00ff',
      'ce 0000ffff',
      'cf 00000000ffffffff',
      'd0 00',
      'd0 ff',
      'd1 ff80',
      "d9 01 'x'",
      'dc 0000',
      'de 0000',
      'c5 0000',
    ],
  },
  {
    name: 'bad UTF-8: overlong, surrogates, truncated, beyond U+10FFFF',
    values: [
      'a2 c080',
      'a2 c1bf',
      'a3 e08080',
      'a4 f0808080',
      'a3 eda080',
      'a6 eda0bdedb880',
      'a4 f4908080',
      'a1 80',
      'a1 c2',
      'a2 e282',
      'a3 f09f98',
      'a2 feff',
      'a1 ff',
    ],
  },
  { name: 'bad UTF-8 in a key', values: ['81 a2 c080 c0', '81 a3 eda080 c0', '81 a1 ff c0'] },
  {
    name: 'values that are cut off',
    values: ["a5 'abc'", '92 c0', "82 a1'x' c0", 'cd 00', 'cf 00000001', 'c4 05 00', 'd9', 'dc 00'],
  },
];

/** Bytes of that many different keys with nil. */
function keys(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `a2'${String.fromCharCode(97 + (index >> 4), 97 + (index & 15))}' c0`,
  ).join(' ');
}

describe('codec: values outside the subset', () => {
  for (const { name, values } of VALUES) {
    test(`${name}: closed at once, wherever it stands`, () => refused(values.flatMap(everywhere)));
  }

  test('each of them as the payload of message 3', () =>
    witness.through(async () => {
      for (const { values } of VALUES) {
        for (const value of values) {
          const payload = hex(value);
          if (payload.length > 2_000) {
            continue;
          }
          const link = await Intruder.open(target, { payload });
          await link.assertClosed('bad_message');
        }
      }
    }));

  test('payloads of message 3 without an agent, or with one that is too long', () =>
    witness.through(async () => {
      const agent = encodeAgent('intruder/1');
      const payloads = [
        '',
        '80',
        "81 a5'agent' 01",
        "81 a5'agent' a0",
        `81 a5'agent' d9 41 78*65`,
        '90',
        'c0',
      ].map(hex);
      for (const payload of [
        ...payloads,
        Buffer.concat([agent, Buffer.of(0xc0)]),
        Buffer.concat([agent, agent]),
      ]) {
        const link = await Intruder.open(target, { payload });
        await link.assertClosed('bad_message');
      }
    }));
});

/** Values of the subset that are no messages. */
const NO_MESSAGES: readonly Attack[] = [
  { name: 'a bare value', values: ['c0', '00', "a4'list'", '80', "81 a1'x' c0", 'c4 00'] },
  {
    name: 'an array of another length',
    values: ['90', '91 00', '92 00 01', "93 00 01 a4'list'", "95 00 01 a4'list' 80 c0", "94 02 a1'x' 80 80"],
  },
  {
    name: 'a kind that there is not',
    values: [
      "94 03 01 a4'list' 80",
      "94 ff 01 a4'list' 80",
      "94 c0 01 a4'list' 80",
      "94 a1'0' 01 a4'list' 80",
    ],
  },
  {
    name: 'an id that is no u32',
    values: [
      "94 00 ff a4'list' 80",
      "94 00 cf 0000000100000000 a4'list' 80",
      "94 00 c0 a4'list' 80",
      "94 00 a1'1' a4'list' 80",
      "94 00 90 a4'list' 80",
    ],
  },
  {
    name: 'a method that is no text',
    values: ['94 00 01 01 80', "94 00 01 c4 04 'list' 80", '94 00 01 c0 80', '94 00 01 90 80'],
  },
  {
    name: 'params that are no map',
    values: [
      "94 00 01 a4'list' c0",
      "94 00 01 a4'list' 90",
      "94 00 01 a4'list' 01",
      "94 00 01 a4'list' c4 00",
      "93 02 a4'paid' 90",
    ],
  },
  {
    name: 'an answer to what the server has not asked',
    values: [
      '94 01 01 c0 80',
      "94 01 01 83 a4'code' 01 a4'name' a1'x' a4'text' a1'x' c0",
      '94 01 01 c0 c0',
      '94 01 01 80 80',
    ],
  },
];

describe('codec: values that are no messages', () => {
  for (const { name, values } of NO_MESSAGES) {
    test(`${name}: closed at once`, () => refused(values.map(hex)));
  }
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
