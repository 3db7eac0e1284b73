import { type Backend, generateKeyPair } from '../../src/noise/index.ts';
import type { Operations } from './names.ts';

/** Bytes that authentication adds. */
const TAG = 16;

/**
 * The operations as a backend does them; what is sealed and opened goes into memory that is used again, as
 * records do.
 */
export function backendOperations(backend: Backend): Operations {
  const own = generateKeyPair(backend);
  const { publicKey } = generateKeyPair(backend);
  const data = backend.randomBytes(64);
  const sha256 = backend.hash('SHA256');
  const kemSeed = backend.randomBytes(64);
  const kemPair = backend.kemGenerate(kemSeed);
  const { ciphertext } = backend.kemEncapsulate(kemPair.publicKey);
  const [small, middle, large] = [records(backend, 64), records(backend, 1024), records(backend, 16 * 1024)];
  return {
    'key-pair': () => generateKeyPair(backend),
    x25519: () => backend.x25519(own.secretKey, publicKey),
    responder: () => {
      const ephemeral = generateKeyPair(backend);
      backend.x25519(ephemeral.secretKey, publicKey); // ee
      backend.x25519(own.secretKey, publicKey); // es
      backend.x25519(ephemeral.secretKey, publicKey); // se
    },
    'seal-64': small.seal,
    'open-64': small.open,
    'seal-1k': middle.seal,
    'open-1k': middle.open,
    'seal-16k': large.seal,
    'open-16k': large.open,
    'sha256-64': () => sha256.digest(data),
    hkdf: () => sha256.hkdf(own.secretKey, publicKey, 2),
    'ml-kem-generate': () => backend.kemGenerate(kemSeed),
    'ml-kem-encapsulate': () => backend.kemEncapsulate(kemPair.publicKey),
    'ml-kem-decapsulate': () => kemPair.decapsulate(ciphertext),
  };
}

function records(backend: Backend, length: number) {
  const [key, nonce, ad] = [backend.randomBytes(32), new Uint8Array(12), new Uint8Array(0)];
  const plaintext = backend.randomBytes(length);
  const sealed = new Uint8Array(length + TAG);
  const opened = new Uint8Array(length);
  const seal = () => backend.seal(key, nonce, ad, plaintext, sealed);
  seal();
  const ciphertext = sealed.slice();
  return { seal, open: () => backend.open(key, nonce, ad, ciphertext, opened) };
}
