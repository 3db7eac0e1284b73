import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseBackend, type KeyPair, keyPairFromSecret } from '../../src/noise/index.ts';
import { testKeys } from '../link/support/pipe.ts';
import { steadyBackend } from '../link/support/steady-backend.ts';
import { fromHex } from '../noise/support/bytes.ts';
import type { Backend } from '../noise/support/internals.ts';
import { LOW_ORDER } from '../noise/support/low-order.ts';
import { type Attack, besiege, other, type Side } from './siege.ts';

const SUITES = ['XX', 'XXhfs'] as const;
const SIDES: readonly Side[] = ['initiator', 'responder'];
const native = chooseBackend('native');
const noble = chooseBackend('noble');
const BACKENDS = [native, noble];

/** The last 31 bytes of p and of its next neighbours. */
const P_TAIL = `${'ff'.repeat(30)}7f`;
const POINTS = LOW_ORDER.flatMap((hex) => [fromHex(hex), withHighBit(fromHex(hex))]);

/** RFC 7748 5: the highest bit of a public key means nothing. */
function withHighBit(key: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(key);
  copy[31] = (copy[31] ?? 0) | 0x80;
  return copy;
}

/**
 * The secret key of a rogue whose public key is a point of low order: every Diffie-Hellman with it is zero.
 */
const ROGUE = new Uint8Array(32).fill(0x4d);
const isRogue = (secretKey: Uint8Array) => Buffer.from(secretKey).equals(ROGUE);

/** What a rogue computes with, who knows that the result is zero whatever the other side's key. */
function rogueBackend(point: Uint8Array, ephemeral: boolean): Backend {
  return {
    ...native,
    randomBytes: (length) => (ephemeral && length === 32 ? ROGUE.slice() : native.randomBytes(length)),
    x25519PublicKey: (secret) => (isRogue(secret) ? point : native.x25519PublicKey(secret)),
    x25519: (secret, key) => (isRogue(secret) ? new Uint8Array(32) : native.x25519(secret, key)),
  };
}

/** A backend that lacks the check of RFC 7748 6.1. */
const gullible: Backend = {
  ...native,
  x25519(secretKey, publicKey) {
    try {
      return native.x25519(secretKey, publicKey);
    } catch {
      return new Uint8Array(32);
    }
  },
};

/** A side with a point of low order as its ephemeral or static key meets an honest one. */
function meetRogue(
  rogue: Side,
  suite: (typeof SUITES)[number],
  point: Uint8Array,
  kind: string,
  backend: Backend,
) {
  const evil = {
    backend: rogueBackend(point, kind === 'ephemeral'),
    staticKeys: kind === 'static' ? { secretKey: ROGUE, publicKey: point } : testKeys(7),
  };
  return besiege({
    initiator: { suite, ...(rogue === 'initiator' ? evil : { backend }) },
    responder: rogue === 'responder' ? evil : { backend },
  })[other(rogue)];
}

describe('X25519 points of low order', () => {
  for (const kind of ['ephemeral', 'static'] as const) {
    for (const rogue of SIDES) {
      const count = POINTS.length * SUITES.length * BACKENDS.length;
      test(`as the ${rogue}’s ${kind} key: ${count} cases`, () => {
        for (const point of POINTS) {
          for (const suite of SUITES) {
            for (const backend of BACKENDS) {
              const { state, heard } = meetRogue(rogue, suite, point, kind, backend);
              assert.equal(
                state,
                'handshake_failed',
                `${Buffer.from(point).toString('hex')} ${backend.name}`,
              );
              assert.deepEqual(heard, []);
            }
          }
        }
      });

      test(`and the attack is real: without the check the ${rogue} would be believed`, () => {
        for (const point of POINTS) {
          assert.equal(meetRogue(rogue, 'XX', point, kind, gullible).state, 'opened');
        }
      });
    }
  }
});

describe('X25519 keys that are not reduced', () => {
  // p + 2 to p + 18, less significant bytes first: what RFC 7748 5 has an implementation read as 2 to 18.
  const values = Array.from({ length: 17 }, (_, n) => n + 2);
  test(`are read as RFC 7748 says, by every backend: ${values.length * 2 * BACKENDS.length} cases`, () => {
    const { secretKey } = testKeys(1);
    for (const value of values) {
      const reduced = Uint8Array.of(value, ...new Uint8Array(31));
      const expected = native.x25519(secretKey, reduced);
      const unreduced = fromHex(`${(0xed + value).toString(16)}${P_TAIL}`);
      for (const key of [unreduced, withHighBit(unreduced)]) {
        for (const backend of BACKENDS) {
          assert.deepEqual(backend.x25519(secretKey, key), expected);
        }
      }
    }
  });

  for (const suite of SUITES) {
    test(`${suite}: the owner of a key who writes it otherwise is somebody else`, () => {
      const { secretKey, publicKey } = testKeys(2);
      const staticKeys: KeyPair = { secretKey, publicKey: withHighBit(publicKey) };
      for (const backend of BACKENDS) {
        const pinned = { suite, backend, expectedRemoteKey: publicKey };
        assert.equal(besiege({ initiator: pinned, responder: { staticKeys } }).initiator.state, 'wrong_key');
        assert.equal(
          besiege({ initiator: { suite, backend }, responder: { staticKeys } }).initiator.state,
          'opened',
        );
      }
    });
  }
});

describe('ML-KEM-768', () => {
  const q = 3_329;
  const steady = steadyBackend(native, (length) => new Uint8Array(length).fill(9 + length));
  /**
   * An initiator whose encapsulation key has `value` as its coefficient of that number (FIPS 203,
   * ByteEncode12).
   */
  const withCoefficient = (nth: number, value: number, responder: Backend) => {
    const backend: Backend = {
      ...steady,
      kemGenerate(seed) {
        const pair = steady.kemGenerate(seed);
        const publicKey = Uint8Array.from(pair.publicKey);
        const at = Math.floor(nth / 2) * 3;
        const [low = 0, middle = 0, high = 0] = publicKey.subarray(at, at + 3);
        if (nth % 2 === 0) {
          publicKey.set([value & 0xff, (middle & 0xf0) | (value >>> 8), high], at);
        } else {
          publicKey.set([low, (middle & 0x0f) | ((value & 0x0f) << 4), value >>> 4], at);
        }
        return { ...pair, publicKey };
      },
    };
    return besiege({ initiator: { suite: 'XXhfs', backend }, responder: { backend: responder } }).responder;
  };
  const every = Array.from({ length: 768 }, (_, nth) => nth);
  const some = every.filter((nth) => nth % 64 < 2);

  test(`a coefficient of the encapsulation key that is not reduced: ${2 * (every.length + some.length)} cases`, () => {
    for (const [backend, places] of [
      [native, every],
      [noble, some],
    ] as const) {
      for (const nth of places) {
        for (const value of [q, 4_095]) {
          const { state, said } = withCoefficient(nth, value, backend);
          assert.deepEqual(
            [state, said],
            ['handshake_failed', []],
            `coefficient ${nth} = ${value}, ${backend.name}`,
          );
        }
      }
    }
  });

  test('the largest coefficient is none too large', () => {
    for (const nth of some) {
      assert.deepEqual(withCoefficient(nth, q - 1, native).said, ['two']);
    }
  });

  const length = 1_088;
  test(`a ciphertext that holds another secret: ${length} cases`, () => {
    for (let at = 0; at < length; at++) {
      const backend: Backend = {
        ...steady,
        kemEncapsulate(publicKey) {
          const { ciphertext, sharedSecret } = steady.kemEncapsulate(publicKey);
          const changed = Uint8Array.from(ciphertext);
          changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));
          return { ciphertext: changed, sharedSecret };
        },
      };
      const { state } = besiege({ initiator: { suite: 'XXhfs' }, responder: { backend } }).initiator;
      assert.equal(state, 'handshake_failed', `byte ${at}`);
    }
  });
});

describe('a side that lacks the static key that it shows', () => {
  const victim = keyPairFromSecret(new Uint8Array(32).fill(8)).publicKey;
  for (const suite of SUITES) {
    for (const { name, backend } of BACKENDS.map((each) => ({ name: each.name, backend: each }))) {
      test(`${suite}, ${name}: the responder is found out before the initiator says who he is`, () => {
        const staticKeys: KeyPair = { secretKey: testKeys(7).secretKey, publicKey: victim };
        for (const expectedRemoteKey of [victim, undefined]) {
          const pinned = expectedRemoteKey === undefined ? {} : { expectedRemoteKey };
          const { initiator } = besiege({
            initiator: { suite, backend, ...pinned },
            responder: { staticKeys },
          });
          assert.deepEqual([initiator.state, initiator.said], ['handshake_failed', ['prelude', 'one']]);
        }
      });

      test(`${suite}, ${name}: the initiator is found out with message 3`, () => {
        const staticKeys: KeyPair = { secretKey: testKeys(7).secretKey, publicKey: victim };
        const { responder } = besiege({ initiator: { suite, staticKeys }, responder: { backend } });
        assert.deepEqual(
          [responder.state, responder.said, responder.heard],
          ['handshake_failed', ['two'], []],
        );
      });
    }
  }
});

describe('what both sides must mean alike, changed in flight so that each believes that they do', () => {
  /** Writes another byte into the prelude; `one` is what then becomes of message 1. */
  const rewrite = (at: number, value: number, one = (bytes: Buffer): Uint8Array => bytes): Attack => {
    return ({ from, part, bytes }, deliver) => {
      const changed = Buffer.from(bytes);
      if (part === 'prelude') {
        changed[at] = value;
      }
      deliver(other(from), part === 'one' ? one(changed) : changed);
    };
  };
  const downgrade = (one: Buffer) => Buffer.concat([Buffer.of(0, 32), one.subarray(2, 34)]);
  const upgrade = (one: Buffer) => {
    const { publicKey } = native.kemGenerate(new Uint8Array(64).fill(1));
    return Buffer.concat([Buffer.of(1_216 >>> 8, 1_216 & 0xff), one.subarray(2), publicKey]);
  };

  test('the suite, to one without ML-KEM', () => {
    const after = besiege({ initiator: { suite: 'XXhfs' }, attack: rewrite(5, 1, downgrade) });
    assert.deepEqual(after.responder.said, ['two'], 'the responder takes it for suite XX');
    assert.deepEqual([after.initiator.state, after.responder.state], ['handshake_failed', 'truncated']);
  });

  test('the suite, to one with ML-KEM', () => {
    const after = besiege({ initiator: { suite: 'XX' }, attack: rewrite(5, 2, upgrade) });
    assert.deepEqual(after.responder.said, ['two'], 'the responder takes it for suite XXhfs');
    assert.deepEqual([after.initiator.state, after.responder.state], ['handshake_failed', 'truncated']);
  });

  for (const suite of SUITES) {
    for (const [mine, theirs, byte] of [
      ['server', 'peer', 2],
      ['peer', 'server', 1],
    ] as const) {
      test(`${suite}: the purpose, from ${mine} to ${theirs}`, () => {
        const attack = rewrite(6, byte);
        const after = besiege({
          initiator: { suite, purpose: mine },
          responder: { purpose: theirs },
          attack,
        });
        assert.deepEqual(after.responder.said, ['two'], `the responder takes it for a link to a ${theirs}`);
        assert.deepEqual([after.initiator.state, after.responder.state], ['handshake_failed', 'truncated']);
      });
    }
  }
});
