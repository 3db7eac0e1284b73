import { randomFillSync } from 'node:crypto';
import {
  type Aead,
  type Backend,
  type Encapsulation,
  KEY_LENGTH,
  type KemKeyPair,
  NONCE_LENGTH,
  TAG_LENGTH,
} from './backend.ts';
import { loadNoble } from './load-noble.ts';
import { opensslAead, opensslHashes, opensslKem, opensslX25519 } from './openssl.ts';
import {
  type Sodium,
  sodiumAead,
  sodiumRandom,
  sodiumSha256,
  sodiumVersion,
  sodiumX25519,
} from './sodium.ts';

/**
 * Bytes of plaintext from which OpenSSL seals and opens faster than libsodium: it costs 5 µs more for each
 * call on Node 26 (some 20 on Node 24), and then does 64 KiB in 31 µs against libsodium's 45.
 */
const LARGE = 32 * 1024;

type Kem = Pick<Backend, 'kemGenerate' | 'kemEncapsulate'>;

/**
 * The accelerated backend: libsodium, where it is given, for X25519 and small records; OpenSSL, by way of
 * node:crypto, for the rest; noble for ML-KEM where OpenSSL has none.
 * @throws Error where node:crypto lacks anything else
 */
export function createNativeBackend(sodium: Sodium | undefined, hasKem = opensslKem.available()): Backend {
  const hashes =
    sodium === undefined
      ? opensslHashes
      : { ...opensslHashes, SHA256: sodiumSha256(sodium, opensslHashes.SHA256) };
  const backend: Backend = {
    name: 'native',
    description: describe(sodium, hasKem),
    randomBytes:
      sodium === undefined ? (length) => randomFillSync(new Uint8Array(length)) : sodiumRandom(sodium),
    hash: (name) => hashes[name],
    ...(sodium === undefined ? opensslX25519 : sodiumX25519(sodium)),
    ...(sodium === undefined ? opensslAead : aeadBySize(sodiumAead(sodium))),
    ...(hasKem ? opensslWithSeed : nobleKem),
  };
  prove(backend);
  return backend;
}

function describe(sodium: Sodium | undefined, hasKem: boolean): string {
  const openssl = `OpenSSL ${process.versions.openssl}`;
  const parts = sodium === undefined ? [openssl] : [`sodium-native ${sodiumVersion()}`, openssl];
  if (!hasKem) {
    parts.push('ML-KEM by noble');
  }
  return `native (${parts.join(', ')})`;
}

function aeadBySize(small: Aead): Aead {
  return {
    seal(key, nonce, ad, plaintext, out) {
      const aead = plaintext.length < LARGE ? small : opensslAead;
      aead.seal(key, nonce, ad, plaintext, out);
    },
    open(key, nonce, ad, ciphertext, out) {
      const aead = ciphertext.length < LARGE ? small : opensslAead;
      return aead.open(key, nonce, ad, ciphertext, out);
    },
  };
}

let noble: Backend | undefined;

const nobleKem: Kem = {
  kemGenerate(seed: Uint8Array): KemKeyPair {
    noble ??= loadNoble();
    return noble.kemGenerate(seed);
  },
  kemEncapsulate(publicKey: Uint8Array, seed?: Uint8Array): Encapsulation {
    noble ??= loadNoble();
    return noble.kemEncapsulate(publicKey, seed);
  },
};

const opensslWithSeed: Kem = {
  kemGenerate: opensslKem.kemGenerate,
  // OpenSSL takes no randomness from outside.
  kemEncapsulate: (publicKey, seed) =>
    seed === undefined ? opensslKem.kemEncapsulate(publicKey) : nobleKem.kemEncapsulate(publicKey, seed),
};

/**
 * Some builds of OpenSSL (FIPS) have no ChaCha20-Poly1305 or X25519: better found out here than in a
 * handshake.
 */
function prove(backend: Backend): void {
  const key = backend.x25519PublicKey(new Uint8Array(KEY_LENGTH));
  const nonce = new Uint8Array(NONCE_LENGTH);
  const ad = new Uint8Array(0);
  for (const length of [0, LARGE]) {
    backend.seal(key, nonce, ad, new Uint8Array(length), new Uint8Array(length + TAG_LENGTH));
  }
}
