import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { NATIVES, noble } from './support/backends.ts';
import { flipped, pattern, toHex } from './support/bytes.ts';
import type { Backend, HashName } from './support/internals.ts';

const HASH_NAMES: readonly HashName[] = ['SHA256', 'SHA512', 'BLAKE2s', 'BLAKE2b'];

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** Lengths of plaintexts: short ones, those about the change from libsodium to OpenSSL, the longest. */
const length = fc.oneof(
  { weight: 6, arbitrary: fc.nat(300) },
  { weight: 2, arbitrary: fc.integer({ min: 32 * 1024 - 20, max: 32 * 1024 + 20 }) },
  { weight: 1, arbitrary: fc.constant(65519) },
);

const sealing = fc.record({ key: bytes(32), nonce: bytes(12), ad: fc.uint8Array({ maxLength: 40 }), length });

type Sealing = typeof sealing extends fc.Arbitrary<infer T> ? T : never;

function sealed(backend: Backend, { key, nonce, ad }: Sealing, plaintext: Uint8Array): Uint8Array {
  const out = new Uint8Array(plaintext.length + 16);
  backend.seal(key, nonce, ad, plaintext, out);
  return out;
}

for (const native of NATIVES) {
  describe(`noble and ${native.description} agree to the byte`, () => {
    test('on what is sealed and opened, in place as well as apart', () => {
      fc.assert(
        fc.property(sealing, (s) => {
          const plaintext = pattern(s.length, 1);
          const expected = sealed(noble, s, plaintext);
          assert.ok(Buffer.from(sealed(native, s, plaintext)).equals(expected));
          for (const backend of [noble, native]) {
            const memory = new Uint8Array(s.length + 16);
            memory.set(plaintext);
            backend.seal(s.key, s.nonce, s.ad, memory.subarray(0, s.length), memory);
            assert.ok(Buffer.from(memory).equals(expected));
            assert.ok(backend.open(s.key, s.nonce, s.ad, memory, memory.subarray(0, s.length)));
            assert.ok(Buffer.from(memory.subarray(0, s.length)).equals(plaintext));
          }
        }),
        { numRuns: 40 },
      );
    });

    test('on what does not open, and then show nothing of it', () => {
      fc.assert(
        fc.property(sealing, fc.nat(), (s, at) => {
          const good = sealed(native, s, pattern(s.length, 2));
          const forged = flipped(good, at % good.length);
          for (const backend of [noble, native]) {
            const out = new Uint8Array(s.length);
            assert.equal(backend.open(s.key, s.nonce, s.ad, forged, out), false);
            assert.ok(out.every((byte) => byte === 0));
            assert.equal(backend.open(s.key, s.nonce, flipped(pattern(9, 9), 1), good, out), false);
          }
        }),
        { numRuns: 25 },
      );
    });

    test('on hashes and derived keys', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 1300 }), fc.uint8Array({ maxLength: 100 }), (data, key) => {
          for (const name of HASH_NAMES) {
            const [ours, theirs] = [noble.hash(name), native.hash(name)];
            assert.equal(theirs.length, ours.length);
            assert.equal(toHex(theirs.digest(data)), toHex(ours.digest(data)));
            for (const outputs of [2, 3] as const) {
              assert.equal(toHex(theirs.hkdf(key, data, outputs)), toHex(ours.hkdf(key, data, outputs)));
            }
          }
        }),
        { numRuns: 25 },
      );
    });

    test('on X25519, for any secret key and any point', () => {
      fc.assert(
        fc.property(bytes(32), bytes(32), (secretKey, point) => {
          const publicKey = noble.x25519PublicKey(secretKey);
          assert.equal(toHex(native.x25519PublicKey(secretKey)), toHex(publicKey));
          assert.equal(toHex(native.x25519(secretKey, point)), toHex(noble.x25519(secretKey, point)));
        }),
        { numRuns: 15 },
      );
    });

    test('on ML-KEM, also for a ciphertext that was changed', () => {
      fc.assert(
        fc.property(bytes(64), bytes(32), fc.nat(1087), (seed, randomness, at) => {
          const [ours, theirs] = [noble.kemGenerate(seed), native.kemGenerate(seed)];
          assert.equal(toHex(theirs.publicKey), toHex(ours.publicKey));
          const { ciphertext, sharedSecret } = noble.kemEncapsulate(ours.publicKey, randomness);
          const again = native.kemEncapsulate(ours.publicKey, randomness);
          assert.equal(toHex(again.ciphertext), toHex(ciphertext));
          assert.equal(toHex(again.sharedSecret), toHex(sharedSecret));
          assert.equal(toHex(theirs.decapsulate(ciphertext)), toHex(sharedSecret));
          const changed = flipped(ciphertext, at);
          assert.equal(toHex(theirs.decapsulate(changed)), toHex(ours.decapsulate(changed)));
          const fresh = native.kemEncapsulate(ours.publicKey);
          assert.equal(toHex(ours.decapsulate(fresh.ciphertext)), toHex(fresh.sharedSecret));
        }),
        { numRuns: 6 },
      );
    });
  });
}
