import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { tree } from './support/arbitraries.ts';
import { MAX_MESSAGE_BYTES, ProtocolError, type ProtocolErrorCode, scan } from './support/internals.ts';
import { big, write } from './support/reference.ts';

/** Hex, with `xx*n` for n times the byte xx. */
function hex(text: string): Buffer {
  const plain = text.replace(/([0-9a-f]{2})\*(\d+)/g, (_, byte: string, n: string) => byte.repeat(Number(n)));
  const bytes = Buffer.from(plain.replaceAll(' ', ''), 'hex');
  assert.equal(bytes.length * 2, plain.replaceAll(' ', '').length, `not hex: ${text}`);
  return bytes;
}

/** `count` entries with keys of two letters, all different. */
const entries = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `a2 ${(0x61 + (i >> 4)).toString(16)}${(0x61 + (i & 15)).toString(16)} c0`,
  ).join(' ');

const ACCEPTED: readonly (readonly [what: string, bytes: string])[] = [
  ...span(0x00, 0x7f, (byte) => [`integer ${byte}`, h(byte)] as const),
  ...span(0x80, 0x8f, (byte) => [`map of ${byte - 0x80}`, `${h(byte)} ${entries(byte - 0x80)}`] as const),
  ...span(0x90, 0x9f, (byte) => [`array of ${byte - 0x90}`, `${h(byte)} c0*${byte - 0x90}`] as const),
  ...span(0xa0, 0xbf, (byte) => [`str of ${byte - 0xa0}`, `${h(byte)} 78*${byte - 0xa0}`] as const),
  ...span(0xe0, 0xff, (byte) => [`integer ${byte - 256}`, h(byte)] as const),
  ['nil', 'c0'],
  ['false', 'c2'],
  ['true', 'c3'],
  ['empty bin', 'c4 00'],
  ['bin of 255', 'c4 ff 00*255'],
  ['bin of 256', 'c5 0100 00*256'],
  ['bin of 65535', 'c5 ffff 00*65535'],
  ['bin of 65536', 'c6 00010000 00*65536'],
  ['128', 'cc 80'],
  ['255', 'cc ff'],
  ['256', 'cd 0100'],
  ['65535', 'cd ffff'],
  ['65536', 'ce 00010000'],
  ['2^32-1', 'ce ffffffff'],
  ['2^32', 'cf 0000000100000000'],
  ['2^53-1', 'cf 001fffffffffffff'],
  ['-33', 'd0 df'],
  ['-128', 'd0 80'],
  ['-129', 'd1 ff7f'],
  ['-32768', 'd1 8000'],
  ['-32769', 'd2 ffff7fff'],
  ['-2^31', 'd2 80000000'],
  ['-2^31-1', 'd3 ffffffff7fffffff'],
  ['-2^32', 'd3 ffffffff00000000'],
  ['-(2^53-1)', 'd3 ffe0000000000001'],
  ['str of 32', 'd9 20 78*32'],
  ['str of 255', 'd9 ff 78*255'],
  ['str of 256', 'da 0100 78*256'],
  ['str of 65536', 'db 00010000 78*65536'],
  ['array of 16', 'dc 0010 c0*16'],
  ['array of 65536', 'dd 00010000 c0*65536'],
  ['map of 16', `de 0010 ${entries(16)}`],
  ['map of 64', `de 0040 ${entries(64)}`],
  ['8 containers deep', '91*8 c0'],
  ['8 containers deep, maps too', '81 a0*1 91 81 a0*1 91 81 a0*1 91 81 a0*1 90'],
  ['the first and last of 2 bytes', 'a4 c280 dfbf'],
  ['the first and last of 3 bytes', 'a6 e0a080 efbfbf'],
  ['around the surrogates', 'a6 ed9fbf ee8080'],
  ['the first and last of 4 bytes', 'a8 f0908080 f48fbfbf'],
  ['a NUL within a str', 'a3 610062'],
  ['keys of which one begins another', '83 a0 c0 a161 c0 a26161 c0'],
  ['the same key in different maps', '92 81 a161 c0 81 a161 81 a161 c0'],
  ['a key of 32 bytes', '81 d920 78*32 c0'],
  ['a key of 256 bytes', '81 da0100 78*256 c0'],
  ['a key of 65536 bytes', '81 db00010000 78*65536 c0'],
];

const REFUSED: readonly (readonly [code: ProtocolErrorCode, what: string, bytes: string])[] = [
  ['truncated', 'nothing', ''],
  ...span(
    0x81,
    0x8f,
    (byte) =>
      [
        'truncated',
        `map of ${byte - 0x80} without its last`,
        `${h(byte)} ${entries(byte - 0x81)} a0`,
      ] as const,
  ),
  ...span(
    0x91,
    0x9f,
    (byte) =>
      ['truncated', `array of ${byte - 0x90} without its last`, `${h(byte)} c0*${byte - 0x91}`] as const,
  ),
  ...span(
    0xa1,
    0xbf,
    (byte) =>
      ['truncated', `str of ${byte - 0xa0} without its last`, `${h(byte)} 78*${byte - 0xa1}`] as const,
  ),
  ...[
    'c4',
    'c5',
    'c6',
    'cc',
    'cd',
    'ce',
    'cf',
    'd0',
    'd1',
    'd2',
    'd3',
    'd9',
    'da',
    'db',
    'dc',
    'dd',
    'de',
    'df',
  ].map((byte) => ['truncated', `${byte} alone`, byte] as const),
  ['truncated', 'bin of 1 without it', 'c4 01'],
  ['truncated', 'bin of 2^32-1', 'c6 ffffffff'],
  ['truncated', 'str of 2^32-1', 'db ffffffff 78*100'],
  ['truncated', 'array of 2^32-1', 'dd ffffffff c0*100'],
  ['truncated', 'map of 2^32-1', 'df ffffffff c0*100'],
  ['truncated', 'map of 2^31, which doubled is 0 in 32 bits', 'df 80000000 c0*100'],
  ['truncated', 'a length cut in two', 'db 0001'],
  ['truncated', 'an integer without its last', 'cf 00000001000000'],
  ['truncated', 'a signed integer without its last', 'd3 ffffffff7fffff'],
  ['truncated', 'an array that is cut within an item', '92 c0 a3 7878'],
  ['truncated', 'a map that is cut before a value', '82 a161 c0 a162'],
  ['reserved', 'c1', 'c1'],
  ['reserved', 'c1 in an array', '91 c1'],
  ['ext', 'ext 8', 'c7 01 01 00'],
  ['ext', 'ext 16', 'c8 0001 01 00'],
  ['ext', 'ext 32', 'c9 00000001 01 00'],
  ['float', 'float 32', 'ca 3f800000'],
  ['float', 'float 64', 'cb 3ff0000000000000'],
  ['ext', 'fixext 1', 'd4 00 00'],
  ['ext', 'fixext 1, a record of msgpackr', 'd4 72 40'],
  ['ext', 'fixext 2', 'd5 01 0000'],
  ['ext', 'fixext 4, a timestamp', 'd6 ff 00000000'],
  ['ext', 'fixext 4, a reference of msgpackr', 'd6 70 00000001'],
  ['ext', 'fixext 8', 'd7 ff 00*8'],
  ['ext', 'fixext 16', 'd8 01 00*16'],
  ['not_shortest', '127 as uint 8', 'cc 7f'],
  ['not_shortest', '255 as uint 16', 'cd 00ff'],
  ['not_shortest', '65535 as uint 32', 'ce 0000ffff'],
  ['not_shortest', '2^32-1 as uint 64', 'cf 00000000ffffffff'],
  ['not_shortest', '0 as int 8', 'd0 00'],
  ['not_shortest', '127 as int 8', 'd0 7f'],
  ['not_shortest', '-1 as int 8', 'd0 ff'],
  ['not_shortest', '-32 as int 8', 'd0 e0'],
  ['not_shortest', '128 as int 16', 'd1 0080'],
  ['not_shortest', '-128 as int 16', 'd1 ff80'],
  ['not_shortest', '65536 as int 32', 'd2 00010000'],
  ['not_shortest', '-32768 as int 32', 'd2 ffff8000'],
  ['not_shortest', '2^32 as int 64', 'd3 0000000100000000'],
  ['not_shortest', '2^63-1 as int 64', 'd3 7fffffffffffffff'],
  ['not_shortest', '-2^31 as int 64', 'd3 ffffffff80000000'],
  ['not_shortest', '-1 as int 64', 'd3 ffffffffffffffff'],
  ['out_of_range', '2^53', 'cf 0020000000000000'],
  ['out_of_range', '2^64-1', 'cf ffffffffffffffff'],
  ['out_of_range', '-2^53', 'd3 ffe0000000000000'],
  ['out_of_range', '-2^53-1', 'd3 ffdfffffffffffff'],
  ['out_of_range', '-2^63', 'd3 8000000000000000'],
  ['not_shortest', 'bin 16 of 255', 'c5 00ff 00*255'],
  ['not_shortest', 'bin 32 of 65535', 'c6 0000ffff 00*65535'],
  ['not_shortest', 'str 8 of 31', 'd9 1f 78*31'],
  ['not_shortest', 'str 16 of 255', 'da 00ff 78*255'],
  ['not_shortest', 'str 32 of 65535', 'db 0000ffff 78*65535'],
  ['not_shortest', 'array 16 of 15', 'dc 000f c0*15'],
  ['not_shortest', 'array 32 of 65535', 'dd 0000ffff c0*65535'],
  ['not_shortest', 'map 16 of 15', `de 000f ${entries(15)}`],
  ['not_shortest', 'map 32 of 0', 'df 00000000'],
  ['bad_utf8', 'a continuation alone', 'a1 80'],
  ['bad_utf8', 'overlong 2 bytes: /', 'a2 c0af'],
  ['bad_utf8', 'overlong 2 bytes: U+007F', 'a2 c1bf'],
  ['bad_utf8', 'overlong 3 bytes: U+07FF', 'a3 e09fbf'],
  ['bad_utf8', 'overlong 4 bytes: U+FFFF', 'a4 f08fbfbf'],
  ['bad_utf8', 'a high surrogate', 'a3 eda080'],
  ['bad_utf8', 'a low surrogate', 'a3 edbfbf'],
  ['bad_utf8', 'a surrogate pair (CESU-8)', 'a6 eda080 edb080'],
  ['bad_utf8', 'U+110000', 'a4 f4908080'],
  ['bad_utf8', 'f5', 'a4 f5808080'],
  ['bad_utf8', 'ff', 'a1 ff'],
  ['bad_utf8', '2 bytes cut', 'a1 c3'],
  ['bad_utf8', '3 bytes cut', 'a2 e282'],
  ['bad_utf8', '4 bytes cut', 'a3 f09f98'],
  ['bad_utf8', '2 bytes cut by the end of the str, which more bytes follow', '92 a1 c3 a1 a4'],
  ['bad_utf8', 'the second byte no continuation', 'a2 c341'],
  ['bad_utf8', 'the third byte no continuation', 'a3 e28241'],
  ['bad_utf8', 'the fourth byte no continuation', 'a4 f09f9841'],
  ['bad_utf8', 'late in a long str', 'd9 ff 78*254 80'],
  ['bad_utf8', 'in a key', '81 a1 80 c0'],
  ['bad_key', 'an integer', '81 01 c0'],
  ['bad_key', 'nil', '81 c0 c0'],
  ['bad_key', 'a bin', '81 c4 01 61 c0'],
  ['bad_key', 'an array', '81 90 c0'],
  ['bad_key', 'a map', '81 80 c0'],
  ['bad_key', 'the second', '82 a161 c0 01 c0'],
  ['duplicate_key', 'side by side', '82 a161 c0 a161 c0'],
  ['duplicate_key', 'empty keys', '82 a0 c0 a0 c0'],
  ['duplicate_key', 'first and last of 64', `de 0040 ${entries(63)} a26161 c0`],
  ['duplicate_key', 'behind a map that has the key too', '82 a161 81 a161 c0 a161 c0'],
  ['duplicate_key', 'inside, of two levels', '81 a161 82 a162 c0 a162 c0'],
  ['duplicate_key', 'of 32 bytes', `82 d920 78*32 c0 d920 78*32 c0`],
  ['not_shortest', 'a key in a longer form', '82 a161 c0 d901 61 c0'],
  ['too_many_keys', '65', `de 0041 ${entries(65)}`],
  ['too_many_keys', '255 claimed, no room for distinct keys', 'de 00ff c0*600'],
  ['too_deep', '9 arrays', '91*9 c0'],
  ['too_deep', '9 arrays, the last empty', '91*8 90'],
  ['too_deep', '9 maps', '81 a0 81 a0 81 a0 81 a0 81 a0 81 a0 81 a0 81 a0 80'],
  ['too_deep', 'arrays all the way', `91*${MAX_MESSAGE_BYTES - 1} c0`],
];

function span<T>(from: number, to: number, make: (byte: number) => T): T[] {
  return Array.from({ length: to - from + 1 }, (_, i) => make(from + i));
}

function h(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

const refusal = (code: ProtocolErrorCode) => (error: unknown) =>
  error instanceof ProtocolError && error.code === code;

describe('the gate', () => {
  for (const [what, bytes] of ACCEPTED) {
    test(`accepts ${what}: ${bytes.slice(0, 40)}`, () => {
      const value = hex(bytes);
      assert.equal(scan(value), value.length);
      assert.equal(
        scan(Buffer.concat([hex('c1'), value, hex('c1')]), 1),
        value.length + 1,
        'among other bytes',
      );
    });
  }

  for (const [code, what, bytes] of REFUSED) {
    test(`refuses (${code}) ${what}: ${bytes.slice(0, 40)}`, () => {
      assert.throws(() => scan(hex(bytes)), refusal(code));
    });
  }

  test('the two tables have every first byte', () => {
    const first = new Set([
      ...ACCEPTED.map(([, bytes]) => hex(bytes)[0]),
      ...REFUSED.map(([, , bytes]) => hex(bytes)[0]),
    ]);
    assert.deepEqual(
      span(0, 0xff, (byte) => byte).filter((byte) => !first.has(byte)),
      [],
    );
  });

  test('accepts an integer in exactly one of all forms that could hold it', () => {
    const forms = [1, 2, 4, 8].flatMap((width) => [
      { first: 0xcc + Math.log2(width), width, least: 0n, greatest: 2n ** BigInt(8 * width) - 1n },
      {
        first: 0xd0 + Math.log2(width),
        width,
        least: -(2n ** BigInt(8 * width - 1)),
        greatest: 2n ** BigInt(8 * width - 1) - 1n,
      },
    ]);
    fc.assert(
      fc.property(
        fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -300, max: 300 })),
        (value) => {
          const shortest = write({ kind: 'int', value });
          const wide = BigInt(value);
          const all = forms
            .filter(({ least, greatest }) => wide >= least && wide <= greatest)
            .map(({ first, width }) => big(first, width, wide));
          assert.equal(scan(shortest), shortest.length);
          for (const form of all.filter((one) => !one.equals(shortest))) {
            assert.throws(() => scan(form), refusal('not_shortest'), form.toString('hex'));
          }
        },
      ),
    );
  });

  test('agrees with a strict decoder on what UTF-8 is', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const near = fc.constantFrom(
      0x00,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(near, fc.nat(255)), { minLength: 1, maxLength: 6 }), (list) => {
        const bytes = Buffer.from([0xa0 + list.length, ...list]);
        let valid = true;
        try {
          strict.decode(bytes.subarray(1));
        } catch {
          valid = false;
        }
        if (valid) {
          assert.equal(scan(bytes), bytes.length);
        } else {
          assert.throws(() => scan(bytes), refusal('bad_utf8'));
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('accepts every value of the subset, and none of its beginnings', () => {
    fc.assert(
      fc.property(tree(), fc.nat(), (value, where) => {
        const bytes = write(value);
        assert.equal(scan(bytes), bytes.length);
        assert.throws(() => scan(bytes.subarray(0, where % bytes.length)), refusal('truncated'));
      }),
    );
  });

  test('throws nothing but its own errors, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          assert.ok(scan(bytes) <= bytes.length);
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('goes on after a refusal inside a map as if nothing had been', () => {
    assert.throws(() => scan(hex('82 a161 c0 a162 c1')), refusal('reserved'));
    assert.equal(scan(hex('82 a161 c0 a162 c0')), 7);
  });
});
