import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CipherState } from '../../src/noise/index.ts';
import { BACKENDS, native, noble } from './support/backends.ts';
import { EMPTY, flipped, pattern, toHex } from './support/bytes.ts';

const KEY = pattern(32, 11);
const DEAD = { name: 'NoiseError', code: 'dead' };

/** RFC 8439 under a nonce of Noise 5.1 written out by hand. */
function sealedBy(key: Uint8Array, counter: bigint, plaintext: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, counter, true);
  const out = new Uint8Array(plaintext.length + 16);
  noble.seal(key, nonce, EMPTY, plaintext, out);
  return out;
}

function assertDead(cipher: CipherState): void {
  assert.equal(cipher.hasKey, false);
  assert.throws(() => cipher.seal(EMPTY, EMPTY), DEAD);
  assert.throws(() => cipher.open(EMPTY, pattern(16, 0)), DEAD);
  assert.throws(() => cipher.sealInto(EMPTY, EMPTY, new Uint8Array(16)), DEAD);
  assert.throws(() => cipher.openInto(EMPTY, pattern(16, 0), EMPTY), DEAD);
  assert.throws(() => cipher.rekey(), DEAD);
  assert.throws(() => cipher.initializeKey(KEY), DEAD);
}

for (const backend of BACKENDS) {
  describe(`CipherState on ${backend.description}`, () => {
    test('counts its messages in the nonce', () => {
      const cipher = new CipherState(backend, KEY);
      for (const counter of [0n, 1n, 2n]) {
        assert.equal(cipher.nonce, Number(counter));
        assert.equal(toHex(cipher.seal(EMPTY, KEY)), toHex(sealedBy(KEY, counter, KEY)));
      }
      for (const counter of [2 ** 32 - 1, 2 ** 32, 2 ** 52 + 5]) {
        cipher.setNonce(counter);
        assert.equal(toHex(cipher.seal(EMPTY, KEY)), toHex(sealedBy(KEY, BigInt(counter), KEY)));
      }
    });

    test('rekeys as Noise 4.2 says, and the nonce goes on', () => {
      const sender = new CipherState(backend, KEY);
      const receiver = new CipherState(noble, KEY);
      receiver.open(EMPTY, sender.seal(EMPTY, KEY));
      sender.rekey();
      receiver.rekey();
      const next = sealedBy(KEY, 2n ** 64n - 1n, new Uint8Array(32)).subarray(0, 32);
      const message = sender.seal(EMPTY, KEY);
      assert.equal(toHex(message), toHex(sealedBy(next, 1n, KEY)));
      assert.deepEqual(receiver.open(EMPTY, message), KEY);
    });

    test('drops its key when a message does not authenticate', () => {
      const ciphertext = new CipherState(backend, KEY).seal(KEY, pattern(50, 1));
      const attempts: [ad: Uint8Array, ciphertext: Uint8Array][] = [
        [KEY, flipped(ciphertext, 3)],
        [KEY, flipped(ciphertext, 60)],
        [flipped(KEY, 0), ciphertext],
        [KEY, ciphertext.subarray(1)],
      ];
      for (const [ad, forged] of attempts) {
        const cipher = new CipherState(backend, KEY);
        assert.throws(() => cipher.open(ad, forged), { name: 'NoiseError', code: 'decrypt_failed' });
        assertDead(cipher);
      }
    });
  });
}

test('a message can be sealed and opened in place, in memory larger than needed', () => {
  const plaintext = pattern(100, 4);
  const memory = new Uint8Array(200);
  memory.set(plaintext);
  const length = new CipherState(native, KEY).sealInto(EMPTY, memory.subarray(0, 100), memory);
  assert.equal(length, 116);
  assert.ok(memory.subarray(116).every((byte) => byte === 0));
  assert.equal(new CipherState(native, KEY).openInto(EMPTY, memory.subarray(0, 116), memory), 100);
  assert.deepEqual(memory.subarray(0, 100), plaintext);
});

test('an out too small is a mistake of the caller, and uses no nonce', () => {
  const cipher = new CipherState(native, KEY);
  assert.throws(() => cipher.sealInto(EMPTY, KEY, new Uint8Array(47)), RangeError);
  assert.throws(() => cipher.openInto(EMPTY, pattern(48, 0), new Uint8Array(31)), RangeError);
  assert.equal(cipher.nonce, 0);
  assert.equal(cipher.hasKey, true);
});

test('a replayed, a reordered and a reflected message do not open', () => {
  const sender = new CipherState(native, KEY);
  const [first, second] = [sender.seal(EMPTY, KEY), sender.seal(EMPTY, KEY)];
  const replayed = new CipherState(native, KEY);
  replayed.open(EMPTY, first);
  assert.throws(() => replayed.open(EMPTY, first), { code: 'decrypt_failed' });
  assert.throws(() => new CipherState(native, KEY).open(EMPTY, second), { code: 'decrypt_failed' });
});

test('the longest message is 65535 bytes, the shortest a tag', () => {
  const sender = new CipherState(native, KEY);
  const receiver = new CipherState(native, KEY);
  const longest = sender.seal(EMPTY, pattern(65519, 1));
  assert.equal(longest.length, 65535);
  assert.deepEqual(receiver.open(EMPTY, longest), pattern(65519, 1));
  assert.deepEqual(receiver.open(EMPTY, sender.seal(EMPTY, EMPTY)), EMPTY);

  assert.throws(() => sender.seal(EMPTY, pattern(65520, 1)), { name: 'NoiseError', code: 'bad_length' });
  assert.equal(sender.nonce, 2, 'a message that cannot be sent changes nothing');
  for (const length of [0, 15, 65536]) {
    const cipher = new CipherState(native, KEY);
    assert.throws(() => cipher.open(EMPTY, pattern(length, 1)), { name: 'NoiseError', code: 'bad_length' });
    assertDead(cipher);
  }
});

test('a nonce is never used twice: the last is refused, and so is any that lies behind', () => {
  const last = Number.MAX_SAFE_INTEGER - 1;
  for (const use of [
    (cipher: CipherState) => cipher.seal(EMPTY, KEY),
    (cipher: CipherState) => cipher.open(EMPTY, sealedBy(KEY, BigInt(last), KEY)),
  ]) {
    const cipher = new CipherState(native, KEY);
    cipher.setNonce(last);
    use(cipher);
    assert.equal(cipher.nonce, Number.MAX_SAFE_INTEGER);
    assert.throws(() => use(cipher), { name: 'NoiseError', code: 'exhausted' });
    assertDead(cipher);
  }
  const cipher = new CipherState(native, KEY);
  cipher.seal(EMPTY, KEY);
  for (const nonce of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
    assert.throws(() => cipher.setNonce(nonce), RangeError);
  }
});

test('without a key messages pass as they are, and there is nothing to rekey', () => {
  const cipher = new CipherState(native);
  assert.deepEqual(cipher.seal(EMPTY, KEY), KEY);
  assert.notEqual(cipher.open(EMPTY, KEY), KEY);
  assert.deepEqual(cipher.open(EMPTY, KEY), KEY);
  assert.throws(() => cipher.rekey(), { name: 'NoiseError', code: 'out_of_order' });
});

test('a key is 32 bytes, copied, and gone after drop', () => {
  for (const length of [0, 31, 33]) {
    assert.throws(() => new CipherState(native, pattern(length, 1)), RangeError);
  }
  const key = Uint8Array.from(KEY);
  const cipher = new CipherState(native, key);
  key.fill(0);
  assert.equal(toHex(cipher.seal(EMPTY, KEY)), toHex(sealedBy(KEY, 0n, KEY)));
  cipher.drop();
  assertDead(cipher);
});

test('the memory of a key is wiped with it', () => {
  const seen: Uint8Array[] = [];
  const watched = new CipherState({ ...native, seal: (key) => void seen.push(key), open: () => false }, KEY);
  watched.seal(EMPTY, EMPTY);
  assert.throws(() => watched.open(EMPTY, pattern(16, 1)), { code: 'decrypt_failed' });
  assert.equal(seen.length, 1);
  assert.ok(seen[0]?.every((byte) => byte === 0));
});
