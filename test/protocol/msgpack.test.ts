import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { anyInteger, tree } from './support/arbitraries.ts';
import { ProtocolError, pack, scan, unpack } from './support/internals.ts';
import { read, write } from './support/reference.ts';

const bytesOf = (value: unknown) => Buffer.from(pack(value));
const valueIn = (bytes: Uint8Array) => unpack(bytes, 0, bytes.length);

/** Bytes near to those of a value: one cut out, put in or changed, here and there. */
const nearlyAccepted = fc
  .tuple(
    tree(),
    fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('change', 'insert', 'remove')), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([value, edits]) => {
    const bytes = [...write(value)];
    for (const [where, byte, edit] of edits) {
      const at = where % (bytes.length + 1);
      if (edit === 'insert') {
        bytes.splice(at, 0, byte);
      } else if (at < bytes.length) {
        bytes.splice(at, 1, ...(edit === 'change' ? [byte] : []));
      }
    }
    return Buffer.from(bytes);
  });

/** Has a map of the value a key such as JavaScript moves to the front, or the decoder makes otherwise? */
function hasKey(value: unknown, key: RegExp): boolean {
  if (Array.isArray(value)) {
    return value.some((item) => hasKey(item, key));
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return false;
  }
  return Object.entries(value).some(([name, item]) => key.test(name) || hasKey(item, key));
}

describe('pack and unpack', () => {
  test('make the bytes that the specification makes, and of the bytes the value', () => {
    fc.assert(
      fc.property(tree(), (value) => {
        const bytes = write(value);
        const expected = read(bytes).value;
        assert.deepEqual(valueIn(bytes), expected);
        assert.deepEqual(bytesOf(expected), bytes);
      }),
      { numRuns: 300 },
    );
  });

  test('read whatever the gate lets pass as it is meant, and write it back', () => {
    let passed = 0;
    fc.assert(
      fc.property(fc.oneof(nearlyAccepted, fc.uint8Array({ minLength: 1, maxLength: 12 })), (bytes) => {
        let end: number;
        try {
          end = scan(bytes);
        } catch (error) {
          assert.ok(error instanceof ProtocolError);
          return;
        }
        passed++;
        const expected = read(bytes);
        assert.equal(end, expected.end);
        if (hasKey(expected.value, /^__proto__$/)) {
          return;
        }
        assert.deepEqual(unpack(bytes, 0, end), expected.value);
        if (hasKey(expected.value, /^\d+$/)) {
          return;
        }
        assert.deepEqual(bytesOf(expected.value), Buffer.from(bytes.subarray(0, end)));
      }),
      { numRuns: 2000 },
    );
    assert.ok(passed > 200, `${passed} passed the gate`);
  });

  test('keep every U+FEFF at the head of a text or key, long or short', () => {
    for (const length of [0, 12, 13, 61, 62, 63, 200, 300, 10_000]) {
      for (const marks of ['\uFEFF', '\uFEFF\uFEFF', 'x\uFEFF']) {
        const text = marks + 'x'.repeat(length);
        const value = [text, Uint8Array.of(0xef, 0xbb, 0xbf), { [text]: `${marks}é` }];
        assert.deepEqual(valueIn(pack(value)), value);
      }
    }
  });

  test('write every integer in its shortest form', () => {
    fc.assert(
      fc.property(anyInteger, (value) => {
        const bytes = write({ kind: 'int', value });
        assert.deepEqual(bytesOf(value), bytes);
        assert.equal(valueIn(bytes), value);
      }),
      { numRuns: 1000 },
    );
    assert.deepEqual(bytesOf(-0), Buffer.of(0));
  });

  test('find wide integers behind values of every form', () => {
    // Each is full of the byte cb, which begins a float: U+02CB is cb 8b.
    const value = [
      [2 ** 40, ...[0, 10, 20, 200, 40_000].map((count) => '\u02cb'.repeat(count)), -(2 ** 40)],
      [...[1, 256, 65_536].map((length) => Buffer.alloc(length, 0xcb)), 2 ** 41],
      [0xcb, 0xcbcb, 0xcbcbcbcb, 0xcb - 0x100, 0xcbcb - 0x1_0000, 0xcbcbcbcb - 0x1_0000_0000, 2 ** 42],
      Array.from({ length: 0xcb }, (_, i) => 2 ** 44 + i),
      Array.from({ length: 0x100cb }, () => null),
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, 2 ** 45 + i])),
      [null, true, false, 2 ** 43],
    ];
    assert.equal(scan(bytesOf(value)), bytesOf(value).length);
    assert.deepEqual(read(bytesOf(value)).value, plain(value));
  });

  test('leave out what is undefined', () => {
    assert.deepEqual(bytesOf({ a: undefined, b: 1, c: undefined }), Buffer.from('81a16201', 'hex'));
  });

  test('take rows without a prototype, such as a database gives', () => {
    assert.deepEqual(bytesOf(Object.assign(Object.create(null), { b: 1 })), Buffer.from('81a16201', 'hex'));
  });

  const deep = (levels: number): unknown => (levels === 0 ? null : [deep(levels - 1)]);
  const OUTSIDE: readonly (readonly [string, unknown])[] = [
    ['a fraction', 0.5],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['2^53', 2 ** 53],
    ['-2^53', -(2 ** 53)],
    ['a bigint', 5n],
    ['undefined', undefined],
    ['undefined in an array', [undefined]],
    ['a hole in an array', new Array(1)],
    ['a symbol', Symbol('s')],
    ['a function', () => 1],
    ['a function in a map', { f: () => 1 }],
    ['a date', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['an error', new Error('e')],
    ['a pattern', /x/],
    ['an ArrayBuffer', new ArrayBuffer(4)],
    ['a Uint16Array', new Uint16Array(4)],
    ['an object of a class', new (class Own {})()],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a long text', `${'x'.repeat(100)}\udfff`],
    ['a key with a lone surrogate', { '\ud800': 1 }],
    ['9 arrays', deep(9)],
    ['9 maps', { a: { a: { a: { a: { a: { a: { a: { a: {} } } } } } } } }],
    ['65 keys', Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, i]))],
  ];
  for (const [what, value] of OUTSIDE) {
    test(`refuse to write ${what}`, () => {
      assert.throws(() => pack(value), TypeError);
      assert.throws(() => pack({ inside: [value, 1] }), TypeError);
    });
  }

  test('write 8 containers and 64 keys', () => {
    assert.deepEqual(valueIn(pack(deep(8))), deep(8));
    const wide = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`k${i}`, i]));
    assert.deepEqual(valueIn(pack(wide)), wide);
  });

  test('are right again after a refusal', () => {
    assert.throws(() => pack([1, Symbol('s')]), TypeError);
    assert.deepEqual(bytesOf([1]), Buffer.from('9101', 'hex'));
  });

  test('give bytes that later calls do not change', () => {
    const first = pack({ first: 'x'.repeat(100) });
    const before = Buffer.from(first);
    for (let i = 0; i < 300; i++) {
      pack({ later: 'y'.repeat(i) });
    }
    assert.deepEqual(Buffer.from(first), before);
  });

  test('give whole messages when many fill memory after memory', () => {
    const values = Array.from({ length: 1000 }, (_, i) => ({
      n: i,
      list: ['x'.repeat(i), [i, 'y'.repeat(i)]],
    }));
    const packed = values.map((value) => pack(value));
    assert.deepEqual(packed.map(valueIn), values);
  });

  test('give byte strings of their own, as Uint8Array', () => {
    for (const input of [Buffer.from('c403010203', 'hex'), Uint8Array.of(0xc4, 3, 1, 2, 3)]) {
      const value = valueIn(input);
      input.fill(0xff);
      assert.deepEqual(value, Uint8Array.of(1, 2, 3));
    }
  });
});

describe('keys that mean something to JavaScript', () => {
  const keys = [
    '__proto__',
    'constructor',
    'toString',
    'prototype',
    'hasOwnProperty',
    'valueOf',
    'toJSON',
    'length',
  ];
  for (const key of keys) {
    test(`${key} is a key like any other, or none`, () => {
      const bytes = write({
        kind: 'map',
        entries: [
          [key, { kind: 'map', entries: [['polluted', { kind: 'bool', value: true }]] }],
          ['name', { kind: 'str', value: 'alice' }],
        ],
      });
      assert.equal(scan(bytes), bytes.length);
      const value = valueIn(bytes) as Record<string, unknown>;
      assert.equal(Object.getPrototypeOf(value), Object.prototype);
      assert.equal(value['polluted'], undefined);
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
      assert.deepEqual(Object.keys(value), [key === '__proto__' ? '__proto_' : key, 'name']);
    });
  }
});

/** Buffers as the Uint8Arrays that a reader gives. */
function plain(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map(plain)
    : value instanceof Uint8Array
      ? Uint8Array.from(value)
      : value;
}
