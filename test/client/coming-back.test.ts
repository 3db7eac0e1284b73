import { once } from 'node:events';
import { describe, test } from 'node:test';
import { type Backend, chooseBackend } from '../../src/link/index.ts';
import { encodeResult } from '../../src/protocol/index.ts';
import { startFake, VIEW } from './support/fake-server.ts';
import { next, openWallet } from './support/fixtures.ts';

/**
 * What an initiator of suite XX seals: its static key and its payload, both in the last message of the
 * handshake.
 */
const SEALED = 2;

/**
 * Steps of promises from the last message of a handshake to the first request over the link, and some more.
 */
const STEPS = 6;

/** A backend that tells after how many calls it has sealed so many. */
function watched(backend: Backend, sealed: () => void): Backend {
  const seal: Backend['seal'] = (...args) => {
    backend.seal(...args);
    sealed();
  };
  return new Proxy(backend, {
    get(target, key) {
      if (key === 'seal') {
        return seal;
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('a wallet that is closed while it comes back leaves no link behind', () => {
  for (let step = 0; step <= STEPS; step++) {
    test(`${step} steps after the handshake`, { timeout: 10_000 }, async (t) => {
      const server = await startFake(t, (message, link) => {
        if (message.type === 'request') {
          link.send(encodeResult(message.id, VIEW));
        }
      });
      let left = Number.POSITIVE_INFINITY;
      const handshake = Promise.withResolvers<void>();
      const backend = watched(chooseBackend(), () => {
        left -= 1;
        if (left === 0) {
          handshake.resolve();
        }
      });
      const wallet = await openWallet(t, server, { backend, suite: 'XX' });
      await wallet.login('alice');
      const retrying = next(wallet, 'retrying');
      for (const link of server.links) {
        link.destroy();
      }
      await retrying;
      left = SEALED;
      await handshake.promise;
      for (let taken = 0; taken < step; taken++) {
        await Promise.resolve();
      }
      await wallet.close();
      // Another one comes and goes, so that the server has heard all that was sent before.
      const other = await openWallet(t, server, { suite: 'XX' });
      await other.close();
      await Promise.all([...server.links].map((link) => once(link, 'close')));
    });
  }
});
