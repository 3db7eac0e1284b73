import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeResult, OK, type OnlineEntry } from '../../../src/protocol/index.ts';
import { MAX_HOST_BYTES } from '../../hub/support/internals.ts';
import { MAX_LISTED, OnlineList } from '../support/internals.ts';

function entry(name: string, port = 1): OnlineEntry {
  return { name, host: '192.0.2.1', port, key: new Uint8Array(32) };
}

test('whatever comes and goes, the list is sorted and holds each person once, as last known', () => {
  const name = fc.constantFrom('a', 'a.', 'a0', 'aa', 'b', 'c', 'zed');
  const change = fc.record({ name, port: fc.integer({ min: 1, max: 9 }), online: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const list = new OnlineList();
      const model = new Map<string, OnlineEntry>();
      for (const { name, port, online } of changes) {
        if (online) {
          list.arrived(entry(name, port));
        } else {
          list.departed(name);
        }
        if (online) {
          model.set(name, entry(name, port));
        } else {
          model.delete(name);
        }
        const sorted = [...model.keys()].sort().map((key) => model.get(key));
        assert.deepEqual(list.shownTo('a'), sorted);
      }
      assert.equal(list.size, model.size);
    }),
  );
});

test('a long list is cut, and oneself is always on it', () => {
  const list = new OnlineList();
  const names = Array.from({ length: MAX_LISTED + 50 }, (_, index) => `p${String(index).padStart(5, '0')}`);
  for (const name of names.toReversed()) {
    list.arrived(entry(name));
  }
  assert.deepEqual(
    list.shownTo('p00001').map(({ name }) => name),
    names.slice(0, MAX_LISTED),
  );
  const last = names.at(-1) ?? '';
  assert.deepEqual(
    list.shownTo(last).map(({ name }) => name),
    [...names.slice(0, MAX_LISTED - 1), last],
  );
  list.departed(last);
  assert.equal(list.shownTo(last).length, MAX_LISTED);
});

test('the longest account view fits in one message', () => {
  const longest = {
    name: 'n'.repeat(32),
    host: 'h'.repeat(MAX_HOST_BYTES),
    port: 65_535,
    key: new Uint8Array(32),
  };
  const view = {
    ...OK,
    name: longest.name,
    balance: Number.MAX_SAFE_INTEGER,
    currency: { name: 'c'.repeat(32), scale: 15 },
    online: Array.from({ length: MAX_LISTED }, () => longest),
  };
  assert.doesNotThrow(() => encodeResult(0xffff_ffff, view));
});
