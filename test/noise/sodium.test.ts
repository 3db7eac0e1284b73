import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CipherState } from '../../src/noise/index.ts';
import { loadSodium, type Sodium, sodiumAead } from './support/internals.ts';

test('REKEY leaves no key behind in the memory that libsodium is given', () => {
  const sodium = loadSodium();
  assert.ok(sodium !== undefined, 'sodium-native is installed for the tests');
  const written: Uint8Array[] = [];
  const watched: Sodium = {
    ...sodium,
    crypto_aead_chacha20poly1305_ietf_encrypt(out, plaintext, ad, unused, nonce, key) {
      written.push(out, key);
      return sodium.crypto_aead_chacha20poly1305_ietf_encrypt(out, plaintext, ad, unused, nonce, key);
    },
  };
  const cipher = new CipherState(sodiumAead(watched), new Uint8Array(32).fill(7));
  cipher.rekey();
  assert.equal(written.length, 2);
  for (const memory of written) {
    assert.ok(memory.every((byte) => byte === 0));
  }
});
