import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import fc from 'fast-check';
// The whole of msgpackr, as another user in the process may import it: where its native string reader is
// installed, that one is then at work in our decoder too.
import * as msgpackr from 'msgpackr';
import { tree } from './support/arbitraries.ts';
import { ProtocolError, pack, scan, unpack } from './support/internals.ts';
import { read, write } from './support/reference.ts';

const valueIn = (bytes: Uint8Array) => unpack(bytes, 0, bytes.length);

describe('other users of msgpackr in the process', () => {
  test('find it as it was', () => {
    pack({ at: 2 ** 41 });
    assert.equal(msgpackr.pack(2 ** 41)[0], 0xcb, 'a wide integer is still a float');
    assert.equal(msgpackr.pack({ a: 1 })[0], 0xde, 'a map still has its count in 16 bits');
    const date = new Date(1_700_000_000_000);
    assert.deepEqual(msgpackr.unpack(msgpackr.pack({ date, set: 1 })), { date, set: 1 });
    assert.throws(() => msgpackr.unpack(Buffer.from('d40100', 'hex')), /Unknown extension/);
  });

  test('do not change what we read and write', () => {
    msgpackr.addExtension({
      Class: Date,
      type: 0x21,
      pack: () => Buffer.from('00', 'hex'),
      unpack: () => 'theirs',
    });
    msgpackr.unpack(msgpackr.pack(new Date()));
    assert.deepEqual(valueIn(pack({ at: 2 ** 41, key: Uint8Array.of(1) })), {
      at: 2 ** 41,
      key: Uint8Array.of(1),
    });
    assert.throws(() => pack(new Date()), TypeError);
    assert.throws(() => scan(Buffer.from('d42100', 'hex')), ProtocolError);
  });

  test('may have brought their native reader along', () => {
    fc.assert(
      fc.property(tree(), (value) => {
        const around = Buffer.concat([
          Buffer.from('a3ffffff', 'hex'),
          write(value),
          Buffer.from('ff', 'hex'),
        ]);
        const expected = read(around, 4);
        assert.deepEqual(unpack(around, 4, expected.end), expected.value);
        assert.deepEqual(Buffer.from(pack(expected.value)), around.subarray(4, expected.end));
      }),
      { numRuns: 300 },
    );
  });
});
