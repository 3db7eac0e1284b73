// What tests use of the inside of src/noise: the one place that names its files.
export {
  type Aead,
  type Backend,
  type Encapsulation,
  type Hash,
  type HashName,
  KEM_CIPHERTEXT_LENGTH,
  KEM_PUBLIC_KEY_LENGTH,
  KEM_SEED_LENGTH,
  KEY_LENGTH,
  type KemKeyPair,
  TAG_LENGTH,
} from '../../../src/noise/backend.ts';
export { NoiseError } from '../../../src/noise/errors.ts';
export { createNativeBackend } from '../../../src/noise/native.ts';
export { createNobleBackend } from '../../../src/noise/noble.ts';
export {
  basePattern,
  needsStatic,
  PATTERN_NAMES,
  type Pattern,
  pskCount,
  type Role,
  senderOf,
  type Token,
} from '../../../src/noise/patterns.ts';
export { loadSodium, type Sodium, sodiumAead, sodiumVersion } from '../../../src/noise/sodium.ts';
export { checkValidity } from '../../../src/noise/validity.ts';
