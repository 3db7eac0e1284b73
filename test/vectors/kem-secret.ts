import crypto from 'node:crypto';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { type Backend, KEM_PUBLIC_KEY_LENGTH, type KemKeyPair } from '../noise/support/internals.ts';

/** Bytes of an ML-KEM-768 decapsulation key (FIPS 203, table 3). */
export const KEM_SECRET_LENGTH = 2400;

/** Where the encapsulation key stands in the decapsulation key (FIPS 203, algorithm 16). */
const PUBLIC_KEY_AT = 1152;

/** A decapsulation key in PKCS #8 (draft-ietf-lamps-kyber-certificates): this prefix, then its 2400 bytes. */
const PREFIX = Buffer.from('30820978020100300b06096086480165030404020482096404820960', 'hex');

/**
 * The backend with the key pair of a whole decapsulation key in place of those it makes: from such a key no
 * seed can be had. The backend's own library decapsulates with it.
 */
export function withKemSecret(backend: Backend, secret: Uint8Array): Backend {
  const pair: KemKeyPair = {
    publicKey: secret.slice(PUBLIC_KEY_AT, PUBLIC_KEY_AT + KEM_PUBLIC_KEY_LENGTH),
    decapsulate: (ciphertext) =>
      backend.name === 'noble' || backend.description.includes('ML-KEM by noble')
        ? ml_kem768.decapsulate(ciphertext, secret)
        : new Uint8Array(crypto.decapsulate(opensslKey(secret), ciphertext)),
    drop() {},
  };
  return { ...backend, kemGenerate: () => pair };
}

function opensslKey(secret: Uint8Array): crypto.KeyObject {
  return crypto.createPrivateKey({ key: Buffer.concat([PREFIX, secret]), format: 'der', type: 'pkcs8' });
}
