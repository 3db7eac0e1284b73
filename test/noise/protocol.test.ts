import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { protocolOf } from '../../src/noise/index.ts';
import { PATTERN_NAMES } from './support/internals.ts';

function messagesOf(pattern: string, keyAgreement = '25519'): string[] {
  const { messages } = protocolOf(`Noise_${pattern}_${keyAgreement}_ChaChaPoly_SHA256`).pattern;
  return messages.map((tokens) => tokens.join(', '));
}

describe('modifiers put their tokens where they belong', () => {
  const cases: readonly [pattern: string, messages: string[]][] = [
    ['XX', ['e', 'e, ee, s, es', 's, se']],
    ['XXpsk0', ['psk, e', 'e, ee, s, es', 's, se']],
    ['XXpsk1', ['e, psk', 'e, ee, s, es', 's, se']],
    ['XXpsk3', ['e', 'e, ee, s, es', 's, se, psk']],
    ['XXpsk0+psk1+psk2+psk3', ['psk, e, psk', 'e, ee, s, es, psk', 's, se, psk']],
    ['X1X1psk4', ['e', 'e, ee, s', 'es, s', 'se, psk']],
    ['Npsk0', ['psk, e, es']],
  ];
  for (const [pattern, messages] of cases) {
    test(pattern, () => assert.deepEqual(messagesOf(pattern), messages));
  }

  test('XXhfs, alone and with a pre-shared key', () => {
    const hybrid = '25519+MLKEM768';
    assert.deepEqual(messagesOf('XXhfs', hybrid), ['e, e1', 'e, ee, ekem1, s, es', 's, se']);
    assert.deepEqual(messagesOf('XXhfs+psk0', hybrid), ['psk, e, e1', 'e, ee, ekem1, s, es', 's, se']);
  });
});

test('there are 3 one-way patterns, 12 fundamental and 23 deferred ones, and each takes every psk that fits', () => {
  const [oneWay, fundamental, deferred] = [/^[NKX]$/, /^[NKXI][NKX]$/, /^[NKXI]1?[NKX]1?$/].map(
    (form) => PATTERN_NAMES.filter((name) => form.test(name)).length,
  );
  assert.deepEqual([oneWay, fundamental, (deferred ?? 0) - (fundamental ?? 0)], [3, 12, 23]);
  assert.equal(PATTERN_NAMES.length, 38);
  for (const name of PATTERN_NAMES) {
    const count = messagesOf(name).length;
    for (let place = 0; place <= count; place++) {
      messagesOf(`${name}psk${place}`);
    }
    assert.throws(() => messagesOf(`${name}psk${count + 1}`), RangeError);
  }
});

test('the same name gives the same protocol', () => {
  const name = 'Noise_IK_25519_ChaChaPoly_BLAKE2s';
  assert.equal(protocolOf(name), protocolOf(name));
  assert.equal(protocolOf(name).hash, 'BLAKE2s');
});

describe('a name that is not valid or not supported is refused, with the reason', () => {
  const cases: readonly [name: string, reason: RegExp][] = [
    ['', /not the name of a protocol/],
    ['XX', /not the name of a protocol/],
    ['noise_XX_25519_ChaChaPoly_SHA256', /not the name of a protocol/],
    ['NoisePSK_XX_25519_ChaChaPoly_SHA256', /not the name of a protocol/],
    ['Noise_XX_25519_ChaChaPoly', /not the name of a protocol/],
    ['Noise_XX_25519_ChaChaPoly_SHA256_', /not the name of a protocol/],
    ['Noise_XX_25519_ChaChaPoly_SHA256\n', /its hash must be one of/],
    ['Noise_xx_25519_ChaChaPoly_SHA256', /not the name of a protocol/],
    ['Noise__25519_ChaChaPoly_SHA256', /not the name of a protocol/],
    ['Noise_XXPSK0_25519_ChaChaPoly_SHA256', /no pattern XXPSK0/],
    ['Noise_XY_25519_ChaChaPoly_SHA256', /no pattern XY/],
    ['Noise_NK2_25519_ChaChaPoly_SHA256', /no pattern NK2/],
    ['Noise_toString_25519_ChaChaPoly_SHA256', /not the name of a protocol/],
    ['Noise_XXpsk4_25519_ChaChaPoly_SHA256', /does not take the modifier 'psk4'/],
    ['Noise_XXpsk_25519_ChaChaPoly_SHA256', /does not take the modifier 'psk'/],
    ['Noise_XXpsk00_25519_ChaChaPoly_SHA256', /does not take the modifier 'psk00'/],
    ['Noise_XXfallback_25519_ChaChaPoly_SHA256', /does not take the modifier 'fallback'/],
    ['Noise_XXpsk0+_25519_ChaChaPoly_SHA256', /modifiers are sorted/],
    ['Noise_XXpsk2+psk0_25519_ChaChaPoly_SHA256', /modifiers are sorted/],
    ['Noise_XXpsk0+psk0_25519_ChaChaPoly_SHA256', /modifiers are sorted/],
    ['Noise_XXpsk0+hfs_25519+MLKEM768_ChaChaPoly_SHA256', /modifiers are sorted/],
    ['Noise_NNhfs_25519+MLKEM768_ChaChaPoly_SHA256', /NN does not take the modifier 'hfs'/],
    ['Noise_XXhfs_25519_ChaChaPoly_SHA256', /key agreement must be 25519\+MLKEM768/],
    ['Noise_XXhfs_25519+ML-KEM-768_ChaChaPoly_SHA256', /key agreement must be 25519\+MLKEM768/],
    ['Noise_XX_25519+MLKEM768_ChaChaPoly_SHA256', /key agreement must be 25519$/],
    ['Noise_XX_448_ChaChaPoly_SHA256', /key agreement must be 25519$/],
    ['Noise_XX_25519_AESGCM_SHA256', /cipher must be ChaChaPoly/],
    ['Noise_XX_25519_ChaChaPoly_SHA3/256', /hash must be one of SHA256, SHA512, BLAKE2s, BLAKE2b/],
    ['Noise_XX_25519_ChaChaPoly_sha256', /hash must be one of/],
  ];
  for (const [name, reason] of cases) {
    test(JSON.stringify(name), () => {
      assert.throws(() => protocolOf(name), { name: 'RangeError', message: reason });
      assert.throws(
        () => protocolOf(name),
        (error: Error) => error.message.includes(`'${name}'`),
      );
    });
  }
});
