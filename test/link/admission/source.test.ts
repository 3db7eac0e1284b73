import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainHost, sourceNetwork } from '../support/internals.ts';

test('a source network is an IPv4 address, or the first half of an IPv6 address', () => {
  const rows = [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['2001:0db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ] as const;
  for (const [host, network] of rows) {
    assert.equal(sourceNetwork(host), network, host);
  }
});

test('an IPv4 address in IPv6 clothes is that IPv4 address', () => {
  const rows = [
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:0:1', '::ffff:0:1'],
    ['2001:db8::1', '2001:db8::1'],
  ] as const;
  for (const [address, host] of rows) {
    assert.equal(plainHost(address), host, address);
  }
});
