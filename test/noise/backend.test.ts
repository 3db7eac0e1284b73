import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import vectors from '../vectors/noise-crypto.json' with { type: 'json' };
import { BACKENDS } from './support/backends.ts';
import { flipped, fromHex, pattern, toHex } from './support/bytes.ts';
import type { HashName } from './support/internals.ts';
import { LOW_ORDER } from './support/low-order.ts';

const BAD_KEY = { name: 'NoiseError', code: 'bad_key' };
const BAD_LENGTH = { name: 'NoiseError', code: 'bad_length' };

for (const backend of BACKENDS) {
  describe(backend.description, () => {
    test('X25519 is that of RFC 7748', () => {
      const { x25519 } = vectors;
      const [alice, bob] = [fromHex(x25519.alice_secret), fromHex(x25519.bob_secret)];
      assert.equal(toHex(backend.x25519PublicKey(alice)), x25519.alice_public);
      assert.equal(toHex(backend.x25519PublicKey(bob)), x25519.bob_public);
      assert.equal(toHex(backend.x25519(alice, fromHex(x25519.bob_public))), x25519.shared);
      assert.equal(toHex(backend.x25519(bob, fromHex(x25519.alice_public))), x25519.shared);
    });

    test('X25519 refuses every point of low order, whatever its unused bit, and every other length', () => {
      const secretKey = pattern(32, 3);
      for (const point of LOW_ORDER.map(fromHex)) {
        assert.throws(() => backend.x25519(secretKey, point), BAD_KEY);
        point[31] = (point[31] ?? 0) | 0x80;
        assert.throws(() => backend.x25519(secretKey, point), BAD_KEY);
      }
      for (const length of [0, 31, 33]) {
        assert.throws(() => backend.x25519(secretKey, pattern(length, 1)), BAD_KEY);
      }
    });

    test('ChaCha20-Poly1305 is that of RFC 8439', () => {
      const { aead } = vectors;
      const [key, nonce, ad] = [fromHex(aead.key), fromHex(aead.nonce), fromHex(aead.ad)];
      const plaintext = fromHex(aead.plaintext);
      const sealed = new Uint8Array(plaintext.length + 16);
      backend.seal(key, nonce, ad, plaintext, sealed);
      assert.equal(toHex(sealed), aead.ciphertext);
      const opened = new Uint8Array(plaintext.length);
      assert.equal(backend.open(key, nonce, ad, sealed, opened), true);
      assert.deepEqual(opened, plaintext);
    });

    for (const { name, origin, data, digest } of vectors.hashes) {
      test(`${name} is that of ${origin}`, () => {
        const hash = backend.hash(name as HashName);
        assert.equal(hash, backend.hash(name as HashName));
        assert.equal(hash.length, digest.length / 2);
        assert.equal(toHex(hash.digest(fromHex(data))), digest);
      });
    }

    test('HKDF is that of RFC 5869', () => {
      const { hkdf } = vectors;
      const [chainingKey, inputKeyMaterial] = [fromHex(hkdf.chaining_key), fromHex(hkdf.input_key_material)];
      const output = backend.hash('SHA256').hkdf(chainingKey, inputKeyMaterial, 2);
      assert.equal(output.length, 64);
      assert.equal(toHex(output.subarray(0, 42)), hkdf.output);
    });

    test('ML-KEM gives both sides one secret, and another one when the ciphertext is changed', () => {
      const pair = backend.kemGenerate(pattern(64, 5));
      const { ciphertext, sharedSecret } = backend.kemEncapsulate(pair.publicKey);
      assert.deepEqual([pair.publicKey.length, ciphertext.length, sharedSecret.length], [1184, 1088, 32]);
      assert.deepEqual(pair.decapsulate(ciphertext), sharedSecret);
      assert.notDeepEqual(pair.decapsulate(flipped(ciphertext, 9)), sharedSecret);
      assert.notDeepEqual(backend.kemEncapsulate(pair.publicKey).sharedSecret, sharedSecret);
      assert.throws(() => pair.decapsulate(ciphertext.subarray(1)), BAD_LENGTH);
    });

    test('ML-KEM refuses a public key of another length or with a coefficient not below q (FIPS 203 7.2)', () => {
      const { publicKey } = backend.kemGenerate(pattern(64, 6));
      assert.throws(() => backend.kemEncapsulate(publicKey.subarray(1)), BAD_KEY);
      assert.throws(() => backend.kemEncapsulate(Buffer.concat([publicKey, pattern(1, 0)])), BAD_KEY);
      for (const at of [0, 1149]) {
        const tooLarge = Uint8Array.from(publicKey);
        tooLarge.fill(0xff, at, at + 3);
        assert.throws(() => backend.kemEncapsulate(tooLarge), BAD_KEY);
      }
      const q = Uint8Array.from(publicKey);
      q.set([0x01, ((q[1] ?? 0) & 0xf0) | 0x0d], 0);
      assert.throws(() => backend.kemEncapsulate(q), BAD_KEY, 'the coefficient 3329 itself');
    });

    test('random bytes are as many as asked for, and not the same twice', () => {
      assert.equal(backend.randomBytes(0).length, 0);
      assert.equal(backend.randomBytes(64).length, 64);
      assert.notDeepEqual(backend.randomBytes(32), backend.randomBytes(32));
    });
  });
}
