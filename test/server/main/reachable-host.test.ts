import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, test } from 'node:test';
import { reachableHost } from '../support/internals.ts';

const face = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
  ({ address, family, internal }) as NetworkInterfaceInfo;

describe('the host under which a server is reached', () => {
  test('is the one that it listens on', () => {
    assert.equal(
      reachableHost('192.0.2.9', () => assert.fail('asked')),
      '192.0.2.9',
    );
  });

  test('of all addresses is the first in the network', () => {
    const interfaces = () => ({
      lo: [face('127.0.0.1', 'IPv4', true)],
      eth0: [face('2001:db8::1', 'IPv6'), face('192.0.2.1', 'IPv4'), face('192.0.2.2', 'IPv4')],
    });
    for (const any of ['::', '0.0.0.0']) {
      assert.equal(reachableHost(any, interfaces), '192.0.2.1');
    }
  });

  test('is this machine where there is no network, and where nobody may ask', () => {
    assert.equal(
      reachableHost('::', () => ({})),
      '127.0.0.1',
    );
    const forbidden = () => {
      throw new Error('uv_interface_addresses returned EAFNOSUPPORT');
    };
    assert.equal(reachableHost('::', forbidden), '127.0.0.1');
  });
});
