import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Operations } from './names.ts';

/** Bytes that authentication adds. */
const TAG = 16;

/**
 * The operations with node:crypto alone. A secret key is kept as a KeyObject, which favours it: only keys
 * that come from the other side, as bytes, are imported each time.
 */
export function nodeCryptoOperations(): Operations {
  const own = generateKeyPairSync('x25519').privateKey;
  const remote = spki(generateKeyPairSync('x25519').publicKey);
  const [secret, salt, data] = [randomBytes(32), randomBytes(32), randomBytes(64)];
  const kem = lazily(() => {
    const { publicKey, privateKey } = generateKeyPairSync('ml-kem-768');
    return { privateKey, remote: spki(publicKey), ciphertext: encapsulate(publicKey).ciphertext };
  });
  const [small, middle, large] = [records(64), records(1024), records(16 * 1024)];
  return {
    'key-pair': x25519KeyPair,
    x25519: () => diffieHellman({ privateKey: own, publicKey: imported(remote) }),
    responder: () => {
      const { privateKey } = x25519KeyPair();
      diffieHellman({ privateKey, publicKey: imported(remote) }); // ee
      diffieHellman({ privateKey: own, publicKey: imported(remote) }); // es
      diffieHellman({ privateKey, publicKey: imported(remote) }); // se
    },
    'seal-64': small.seal,
    'open-64': small.open,
    'seal-1k': middle.seal,
    'open-1k': middle.open,
    'seal-16k': large.seal,
    'open-16k': large.open,
    'sha256-64': () => hash('sha256', data, 'buffer'),
    hkdf: () => hkdfSync('sha256', secret, salt, '', 64),
    'ml-kem-generate': () => spki(generateKeyPairSync('ml-kem-768').publicKey),
    'ml-kem-encapsulate': () => encapsulate(imported(kem().remote)),
    'ml-kem-decapsulate': () => decapsulate(kem().privateKey, kem().ciphertext),
  };
}

/** With the public half as bytes: it is sent. */
function x25519KeyPair(): { privateKey: KeyObject; sent: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { privateKey, sent: spki(publicKey) };
}

function spki(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' });
}

function imported(key: Buffer): KeyObject {
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function records(length: number) {
  const [key, nonce, plaintext] = [randomBytes(32), randomBytes(12), randomBytes(length)];
  const seal = (): { ciphertext: Buffer; tag: Buffer } => {
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    return { ciphertext, tag: cipher.getAuthTag() };
  };
  const { ciphertext, tag } = seal();
  const open = (): Buffer => {
    const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
    decipher.setAuthTag(tag);
    const opened = decipher.update(ciphertext);
    decipher.final();
    return opened;
  };
  return { seal, open };
}
