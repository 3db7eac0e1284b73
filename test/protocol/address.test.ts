import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_PORT, formatAddress, formatEndpoint, parseAddress } from '../../src/protocol/index.ts';

const HEX = '0123456789abcdef'.repeat(4);
const KEY = new Uint8Array(Buffer.from(HEX, 'hex'));

for (const [text, host, port, key] of [
  [`farthing://example.org:6000#${HEX}`, 'example.org', 6000, KEY],
  [`farthing://example.org#${HEX.toUpperCase()}`, 'example.org', DEFAULT_PORT, KEY],
  ['farthing://example.org', 'example.org', DEFAULT_PORT, undefined],
  ['example.org:1', 'example.org', 1, undefined],
  ['localhost', 'localhost', DEFAULT_PORT, undefined],
  ['127.0.0.1:65535', '127.0.0.1', 65_535, undefined],
  ['[::1]:6000', '::1', 6000, undefined],
  ['[fe80::1%eth0]', 'fe80::1%eth0', DEFAULT_PORT, undefined],
  [`farthing://[::1]:7#${HEX}`, '::1', 7, KEY],
] as const) {
  test(`an address: ${text}`, () => {
    assert.deepEqual(parseAddress(text), { host, port, key });
  });
}

for (const text of [
  '',
  ':6000',
  'host:',
  'host:0',
  'host:65536',
  'host:1e3',
  'host:+1',
  '::1',
  '[::1',
  '[]:1',
  'host:1:2',
  'a b',
  'user@host',
  'host/path',
  'host:1\n',
  `host#${HEX.slice(1)}`,
  `host#${HEX}0`,
  'host#',
  'http://host',
]) {
  test(`no address: ${JSON.stringify(text)}`, () => {
    assert.equal(parseAddress(text), undefined);
  });
}

test('what is formatted is read back', () => {
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
  const key = fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined });
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65_535 }), key, (host, port, key) => {
      assert.deepEqual(parseAddress(formatAddress({ host, port, key })), { host, port, key });
      assert.deepEqual(parseAddress(formatEndpoint(host, port)), { host, port, key: undefined });
    }),
  );
});
