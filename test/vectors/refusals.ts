import type { ProtocolName } from '../../src/noise/index.ts';
import { flipped, fromHex, pattern } from '../noise/support/bytes.ts';
import { LOW_ORDER } from '../noise/support/low-order.ts';
import { type Refusal, record, type Setup, type Step } from './record.ts';
import { setupOf, XX, XXhfs } from './setup.ts';

const N = 'Noise_N_25519_ChaChaPoly_SHA256';
const NK = 'Noise_NK_25519_ChaChaPoly_SHA256';
const KK = 'Noise_KK_25519_ChaChaPoly_SHA256';
const IK = 'Noise_IK_25519_ChaChaPoly_SHA256';

type Change = NonNullable<Step['arrives']>;

/**
 * As on the wire between client and server: "FRTH", version 1, suite, purpose. Patterns of no suite have that
 * of XX.
 */
function prologueOf(protocol: ProtocolName): string {
  return protocol === XXhfs ? '46525448010201' : '46525448010101';
}

/** A key that nobody has: not one of those in a setup. */
const OTHER_KEY = 'a5'.repeat(32);

const ZERO = LOW_ORDER[0] ?? '';

const flip =
  (at: number): Change =>
  (message) =>
    flipped(message, at);

const replace =
  (at: number, bytes: string): Change =>
  (message) => {
    const copy = Uint8Array.from(message);
    copy.set(fromHex(bytes), at);
    return copy;
  };

const failed = (reason: string): Refusal => ({ error: 'decrypt_failed', reason });
const badKey = (reason: string): Refusal => ({ error: 'bad_key', reason });
const badLength = (reason: string): Refusal => ({ error: 'bad_length', reason });
const unwritten = (refusal: Refusal): Refusal => ({ ...refusal, unwritten: true });

/** Vectors whose last message must be refused, each with its reason. */
export function refusals(): object[] {
  return [...changed(), ...lengths(), ...otherSides(), ...badKeys(), ...sharedKeys(), ...transport()];
}

function of(
  protocol: ProtocolName,
  label: string,
  script: readonly Step[],
  refusal: Refusal,
  changes: Partial<Setup> = {},
): object {
  return record(label, { ...setupOf(protocol, prologueOf(protocol)), ...changes } as Setup, script, refusal);
}

/** One bit of a handshake message is another. */
function changed(): object[] {
  return [
    of(XX, 'message 1: e', [{ arrives: flip(5) }, {}], failed('The sides hash another e.')),
    of(XX, 'message 2: e', [{}, { arrives: flip(3) }], failed('ee is another secret.')),
    of(XX, 'message 2: s', [{}, { arrives: flip(40) }], failed('The static key does not authenticate.')),
    of(
      XX,
      'message 2: tag of s',
      [{}, { arrives: flip(79) }],
      failed('The static key does not authenticate.'),
    ),
    of(
      XX,
      'message 2: tag of payload',
      [{}, { arrives: flip(95) }],
      failed('The payload does not authenticate.'),
    ),
    of(XX, 'message 3: s', [{}, {}, { arrives: flip(0) }], failed('The static key does not authenticate.')),
    of(
      XX,
      'message 3: tag of payload',
      [{}, {}, { arrives: flip(63) }],
      failed('The payload does not authenticate.'),
    ),
    of(XXhfs, 'message 1: e1', [{ arrives: flip(600) }, {}], failed('The sides hash another e1.')),
    of(
      XXhfs,
      'message 2: ekem1',
      [{}, { arrives: flip(500) }],
      failed('The ciphertext of the KEM does not authenticate.'),
    ),
    of(XXhfs, 'message 2: s', [{}, { arrives: flip(1140) }], failed('The static key does not authenticate.')),
    of(
      XXhfs,
      'message 3: s',
      [{}, {}, { arrives: flip(9) }],
      failed('The static key does not authenticate.'),
    ),
  ];
}

/** A message is shorter or longer. */
function lengths(): object[] {
  const payload = pattern(20, 1);
  const longer: Change = (message) => Buffer.concat([message, pattern(1, 0)]);
  const shorter: Change = (message) => message.subarray(0, -1);
  return [
    of(XX, 'message 1 is empty', [{ arrives: () => pattern(0, 0) }], badLength('There is no e.')),
    of(
      XX,
      'message 2 lacks a byte',
      [{}, { arrives: shorter }],
      badLength('It is too short for its keys and tags.'),
    ),
    of(
      XX,
      'message 2 lacks a byte of its payload',
      [{}, { payload, arrives: shorter }],
      failed('The payload does not authenticate.'),
    ),
    of(
      XX,
      'message 2 has a byte more',
      [{}, { arrives: longer }],
      failed('The payload does not authenticate.'),
    ),
    of(
      XXhfs,
      'message 1 of XX',
      [{ arrives: (message) => message.subarray(0, 32) }],
      badLength('There is no e1.'),
    ),
  ];
}

/** The other side is another, or means something else. */
function otherSides(): object[] {
  const secondOf = (protocol: ProtocolName): Change => {
    const bytes = secondMessage(protocol);
    return () => bytes;
  };
  let first = pattern(0, 0);
  const keep: Change = (message) => {
    first = message;
    return message;
  };
  const betweenPeers = (suite: '01' | '02') => ({ resp_prologue: `4652544801${suite}02` });
  return [
    of(XX, 'another prologue', [{}, {}], failed('The sides hash different prologues.'), betweenPeers('01')),
    of(
      XXhfs,
      'another prologue',
      [{}, {}],
      failed('The sides hash different prologues.'),
      betweenPeers('02'),
    ),
    of(
      XX,
      'message 2 of another hash',
      [{}, { arrives: secondOf('Noise_XX_25519_ChaChaPoly_BLAKE2s') }],
      failed('The sides hash different names.'),
    ),
    of(XXhfs, 'message 2 of XX', [{}, { arrives: secondOf(XX) }], badLength('There is no ekem1.')),
    of(
      XX,
      'message 1 comes back',
      [{ payload: pattern(80, 2), arrives: keep }, { arrives: () => first }],
      failed('ee is another secret.'),
    ),
    of(KK, 'another initiator', [{}], failed('ss is another secret.'), { resp_remote_static: OTHER_KEY }),
    of(IK, 'another responder', [{}], failed('es is another secret.'), { init_remote_static: OTHER_KEY }),
  ];
}

/**
 * Keys that no honest side has: points of low order (RFC 7748 6.1), and an ML-KEM key that fails FIPS 203
 * 7.2.
 */
function badKeys(): object[] {
  const reason = 'A Diffie-Hellman with this point is all zero.';
  return [
    ...LOW_ORDER.map((point) =>
      of(XX, `message 2: e is ${point}`, [{}, { arrives: replace(0, point) }], badKey(reason)),
    ),
    of(XX, 'message 1: e of low order', [{ arrives: replace(0, ZERO) }, {}], unwritten(badKey(reason))),
    of(XX, 'message 2: s of low order', [{}, {}], badKey(reason), { resp_static_public: ZERO }),
    of(XX, 'message 3: s of low order', [{}, {}, {}], badKey(reason), { init_static_public: ZERO }),
    of(N, 'message 1: e of low order', [{ arrives: replace(0, ZERO) }], badKey(reason)),
    of(NK, 'the known s is of low order', [{}], unwritten(badKey(reason)), { init_remote_static: ZERO }),
    of(
      XXhfs,
      'message 1: e1 with a coefficient of 4095',
      [{ arrives: replace(32, 'ffff') }, {}],
      unwritten(badKey('Coefficients are below 3329.')),
    ),
  ];
}

/** The sides do not have the same pre-shared keys. */
function sharedKeys(): object[] {
  const psks = [OTHER_KEY];
  const reason = 'The pre-shared keys differ.';
  const [one, two] = ['e0'.repeat(32), 'e1'.repeat(32)];
  return [
    of('Noise_NNpsk0_25519_ChaChaPoly_SHA256', 'another psk', [{}], failed(reason), { resp_psks: psks }),
    of('Noise_IKpsk2_25519_ChaChaPoly_SHA256', 'another psk', [{}, {}], failed(reason), { init_psks: psks }),
    of('Noise_XXpsk3_25519_ChaChaPoly_SHA256', 'another psk', [{}, {}, {}], failed(reason), {
      resp_psks: psks,
    }),
    of('Noise_NNpsk0+psk2_25519_ChaChaPoly_SHA256', 'psks in another order', [{}], failed(reason), {
      init_psks: [one, two],
      resp_psks: [two, one],
    }),
  ];
}

/** After the handshake: messages 4, 6 … are the responder's, 5, 7 … the initiator's. */
function transport(): object[] {
  const handshake: Step[] = [{}, {}, {}];
  let kept = pattern(0, 0);
  const keep: Change = (message) => {
    kept = message;
    return message;
  };
  const again: Change = () => kept;
  const payload = pattern(16, 3);
  return [
    of(
      XX,
      'a changed tag',
      [...handshake, { payload, arrives: flip(20) }],
      failed('It does not authenticate.'),
    ),
    of(
      XX,
      'a message twice',
      [...handshake, { payload, arrives: keep }, {}, { payload, arrives: again }],
      failed('The nonce is used up.'),
    ),
    of(
      XX,
      'a message comes back',
      [...handshake, { payload, arrives: keep }, { payload, arrives: again }],
      failed('Each direction has its own key.'),
    ),
    of(
      XX,
      'REKEY by one side',
      [...handshake, { payload }, { payload }, { payload, rekey: 'alone' }],
      failed('The sides use different keys.'),
    ),
    of(
      XX,
      'too short for a tag',
      [...handshake, { payload, arrives: () => pattern(15, 0) }],
      badLength('A message has 16 bytes or more.'),
    ),
  ];
}

function secondMessage(protocol: ProtocolName): Uint8Array {
  const { messages } = record('', setupOf(protocol, prologueOf(protocol)), [{}, {}, {}]);
  return fromHex(messages[1]?.ciphertext ?? '');
}
