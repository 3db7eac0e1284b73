import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  type BackendName,
  chooseBackend,
  generateKeyPair,
  keyPairFromSecret,
} from '../../src/noise/index.ts';
import { nativeAlone, nativeWithoutKem, noble } from './support/backends.ts';
import { pattern } from './support/bytes.ts';
import { loadSodium, sodiumVersion } from './support/internals.ts';

const before = process.env['FARTHING_BACKEND'];

afterEach(() => {
  if (before === undefined) {
    delete process.env['FARTHING_BACKEND'];
  } else {
    process.env['FARTHING_BACKEND'] = before;
  }
});

test('a backend is chosen by name, once', () => {
  for (const name of ['noble', 'native'] as const) {
    assert.equal(chooseBackend(name).name, name);
    assert.equal(chooseBackend(name), chooseBackend(name));
  }
});

test('without a name the environment decides, and without that it is native', () => {
  delete process.env['FARTHING_BACKEND'];
  assert.equal(chooseBackend().name, 'native');
  process.env['FARTHING_BACKEND'] = '';
  assert.equal(chooseBackend().name, 'native');
  process.env['FARTHING_BACKEND'] = 'noble';
  assert.equal(chooseBackend().name, 'noble');
  assert.equal(chooseBackend('native').name, 'native');
});

test('an unknown name is refused, wherever it comes from', () => {
  const refused = { name: 'RangeError', message: "unknown crypto backend 'best': it is noble or native" };
  assert.throws(() => chooseBackend('best' as BackendName), refused);
  process.env['FARTHING_BACKEND'] = 'best';
  assert.throws(() => chooseBackend(), refused);
});

test('a description says which libraries do the work', () => {
  const openssl = `OpenSSL ${process.versions.openssl}`;
  assert.equal(noble.description, 'noble');
  assert.ok(nativeAlone.description.startsWith(`native (${openssl}`));
  assert.ok(nativeWithoutKem.description.endsWith(`${openssl}, ML-KEM by noble)`));
  if (loadSodium() !== undefined) {
    assert.ok(
      nativeWithoutKem.description.startsWith(`native (sodium-native ${sodiumVersion()}, ${openssl}`),
    );
  }
});

test('a key pair is made of 32 bytes, its own copy', () => {
  const { secretKey, publicKey } = generateKeyPair();
  assert.deepEqual(keyPairFromSecret(secretKey, noble).publicKey, publicKey);
  assert.notEqual(keyPairFromSecret(secretKey).secretKey, secretKey);
  assert.notDeepEqual(generateKeyPair().secretKey, secretKey);
  for (const length of [0, 31, 33]) {
    assert.throws(() => keyPairFromSecret(pattern(length, 1)), RangeError);
  }
});
