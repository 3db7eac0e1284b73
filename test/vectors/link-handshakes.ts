import { chooseBackend, HandshakeState, type KeyPair, keyPairFromSecret } from '../../src/noise/index.ts';
import { LOW_ORDER } from '../noise/support/low-order.ts';
import { framed, recordOf, Sealer } from './link-sealing.ts';
import { XX, XXhfs } from './setup.ts';

/** Secrets that count up, the same as in the vectors of Noise. */
const SECRETS = {
  initiator_static: count(0x00),
  responder_static: count(0x20),
  initiator_ephemeral: count(0x40),
  responder_ephemeral: count(0x60),
  kem_seed: count(0x80, 64),
  encapsulation_seed: count(0xc0),
};

/** MessagePack of {"agent": "farthing/0.1.0"}: what both sides send as their payload. */
const PAYLOAD = Buffer.concat([Buffer.from('81a56167656e74ae', 'hex'), Buffer.from('farthing/0.1.0')]);

const SUITES = { XX: { byte: 1, protocol: XX }, XXhfs: { byte: 2, protocol: XXhfs } } as const;
const PURPOSES = { server: 1, peer: 2 } as const;
type Suite = keyof typeof SUITES;
type Purpose = keyof typeof PURPOSES;

const STATIC = {
  initiator: keyPairFromSecret(SECRETS.initiator_static),
  responder: keyPairFromSecret(SECRETS.responder_static),
};

/** Somebody else. */
const STRANGER = keyPairFromSecret(Buffer.alloc(32, 0xa5));

const noble = chooseBackend('noble');

/** The contents of `link-handshakes.json`. */
export function linkHandshakes(): object {
  return {
    secrets: Object.fromEntries(Object.entries(SECRETS).map(([name, secret]) => [name, hex(secret)])),
    payload: hex(PAYLOAD),
    sessions: [
      session('XX', 'server'),
      session('XX', 'peer'),
      session('XXhfs', 'server'),
      session('XXhfs', 'peer'),
    ],
    refused_preludes: refusedPreludes(),
    refused_by_responder: refusedByResponder(),
    refused_by_initiator: refusedByInitiator(),
  };
}

function prelude(suite: Suite, purpose: Purpose): Buffer {
  return Buffer.of(0x46, 0x52, 0x54, 0x48, 1, SUITES[suite].byte, PURPOSES[purpose]);
}

/** How a side is otherwise than the secrets and its prelude say. */
interface Otherwise {
  readonly prologue?: Uint8Array;
  readonly staticKeys?: KeyPair;
}

/** The last key that has sealed something. */
let sealedWith: Uint8Array = new Uint8Array(0);

function side(initiator: boolean, suite: Suite, purpose: Purpose, otherwise: Otherwise = {}): HandshakeState {
  return new HandshakeState({
    protocol: SUITES[suite].protocol,
    initiator,
    prologue: prelude(suite, purpose),
    staticKeys: initiator ? STATIC.initiator : STATIC.responder,
    backend: {
      ...noble,
      seal(key, ...rest) {
        sealedWith = Uint8Array.from(key);
        noble.seal(key, ...rest);
      },
    },
    ephemeral: {
      secretKey: initiator ? SECRETS.initiator_ephemeral : SECRETS.responder_ephemeral,
      kemSeed: SECRETS.kem_seed,
      encapsulationSeed: SECRETS.encapsulation_seed,
    },
    ...otherwise,
  });
}

/** The messages of a handshake that succeeds. */
function handshake(suite: Suite, purpose: Purpose, otherwise: Otherwise = {}) {
  const initiator = side(true, suite, purpose, otherwise);
  const responder = side(false, suite, purpose, otherwise.prologue && { prologue: otherwise.prologue });
  const one = initiator.writeMessage(Buffer.alloc(0));
  responder.readMessage(one);
  const two = responder.writeMessage(PAYLOAD);
  initiator.readMessage(two);
  const three = initiator.writeMessage(PAYLOAD);
  return { initiator, responder, one, two, three };
}

/** Message 2 of a responder who is otherwise than the initiator of message 1 thinks. */
function answer(suite: Suite, purpose: Purpose, otherwise: Otherwise): Uint8Array {
  const responder = side(false, suite, purpose, otherwise);
  responder.readMessage(side(true, suite, purpose).writeMessage(Buffer.alloc(0)));
  return responder.writeMessage(PAYLOAD);
}

/** A whole link: the handshake, a message from each side, and CLOSE from each. */
function session(suite: Suite, purpose: Purpose): object {
  const { initiator, responder, one, two, three } = handshake(suite, purpose);
  responder.readMessage(three);
  const { send, handshakeHash } = initiator.finish();
  send.seal(new Uint8Array(0), new Uint8Array(0));
  const initiatorKey = sealedWith;
  responder.finish().send.seal(new Uint8Array(0), new Uint8Array(0));
  const responderKey = sealedWith;
  const [ours, theirs] = [new Sealer(initiatorKey), new Sealer(responderKey)];
  const say = (what: string, bytes: Uint8Array): object => ({ what, bytes: hex(bytes) });
  const data = (text: string) => recordOf('data', Buffer.from(text));
  return {
    suite,
    purpose,
    handshake_hash: hex(handshakeHash),
    initiator_key: hex(initiatorKey),
    responder_key: hex(responderKey),
    initiator_sends: [
      say('prelude', prelude(suite, purpose)),
      say('message 1', framed(one)),
      say('message 3', framed(three)),
      say('DATA: from the initiator', ours.frame(data('from the initiator'))),
      say('CLOSE', ours.frame(recordOf('close'))),
    ],
    responder_sends: [
      say('message 2', framed(two)),
      say('DATA: from the responder', theirs.frame(data('from the responder'))),
      say('CLOSE', theirs.frame(recordOf('close'))),
    ],
  };
}

/** First bytes that are answered with a refusal, or, where they are not of this protocol, with nothing. */
function refusedPreludes(): object[] {
  const refused = (name: string, code: string, bytes: string, over: object = {}): object => {
    const reason = ['refused_version', 'refused_suite', 'refused_purpose', 'refused_busy'].indexOf(code) + 1;
    const said = reason === 0 ? '' : hex(Buffer.of(0, 0, reason));
    return {
      name,
      code,
      accepts_suites: 'XX XXhfs',
      accepts_purpose: 'server',
      ...over,
      bytes,
      answer: said,
    };
  };
  return [
    refused('version 0', 'refused_version', '46525448000101'),
    refused('version 2', 'refused_version', '46525448020101'),
    refused('suite 0', 'refused_suite', '46525448010001'),
    refused('suite 3', 'refused_suite', '46525448010301'),
    refused('XX where XXhfs is required', 'refused_suite', '46525448010101', { accepts_suites: 'XXhfs' }),
    refused('purpose 0', 'refused_purpose', '46525448010100'),
    refused('purpose 3', 'refused_purpose', '46525448010103'),
    refused('a peer at a server', 'refused_purpose', '46525448010202'),
    refused('a client at a peer', 'refused_purpose', '46525448010201', { accepts_purpose: 'peer' }),
    refused('all wrong: the version counts first', 'refused_version', '46525448020303'),
    refused('suite and purpose wrong: the suite counts first', 'refused_suite', '46525448010303'),
    refused('a good prelude, but the responder is busy', 'refused_busy', '46525448010201', { busy: true }),
    refused('another magic', 'bad_prelude', '46525449010201'),
    refused('HTTP', 'bad_prelude', hex(Buffer.from('GET / HTTP/1.1\r\n'))),
  ];
}

function flipped(message: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(message);
  copy[at < 0 ? copy.length + at : at] = (copy.at(at) ?? 0) ^ 1;
  return copy;
}

/** All that a responder reads, up to the frame that ends it. */
function refusedByResponder(): object[] {
  const XX1 = handshake('XX', 'server');
  const PQ1 = handshake('XXhfs', 'server');
  const of = (suite: Suite, name: string, code: string, reason: string, ...parts: Uint8Array[]): object => {
    const bytes = hex(Buffer.concat([prelude(suite, 'server'), ...parts]));
    return { name, code, reason, suite, purpose: 'server', bytes };
  };
  const one = framed(XX1.one);
  const exact = 'Message 1 has 32 bytes, or 1216 in suite XXhfs.';
  const notReduced = Buffer.from(PQ1.one);
  notReduced.set([0xff, 0xff, 0xff], 32);
  const lowOrder = Buffer.from(LOW_ORDER[2] ?? '', 'hex');
  const otherPurpose = handshake('XX', 'server', { prologue: prelude('XX', 'peer') });
  const impostor = { secretKey: STRANGER.secretKey, publicKey: STATIC.initiator.publicKey };
  const tag = 'It does not authenticate.';
  return [
    of('XX', 'message 1 of no bytes', 'bad_frame', exact, Buffer.of(0, 0)),
    of('XX', 'message 1 of 31 bytes', 'bad_frame', exact, framed(XX1.one.subarray(1))),
    of('XX', 'message 1 with a payload', 'bad_frame', exact, framed(Buffer.concat([XX1.one, Buffer.of(0)]))),
    of('XX', 'message 1 of XXhfs', 'bad_frame', exact, framed(PQ1.one)),
    of('XXhfs', 'message 1 of XX', 'bad_frame', exact, one),
    of('XX', 'message 1 of 65535 bytes, of which none has come', 'bad_frame', exact, Buffer.of(255, 255)),
    of('XX', 'e of low order', 'handshake_failed', 'ee would be zero (RFC 7748 6.1).', framed(lowOrder)),
    of('XXhfs', 'e1 that is not reduced', 'handshake_failed', 'FIPS 203 7.2', framed(notReduced)),
    of('XX', 'message 1 again', 'handshake_failed', 'It is no message 3.', one, one),
    of('XX', 'message 3 of no bytes', 'bad_frame', 'It has 64 at least.', one, Buffer.of(0, 0)),
    of(
      'XX',
      'message 3 of 63 bytes',
      'handshake_failed',
      'It has 64 at least.',
      one,
      framed(Buffer.alloc(63)),
    ),
    of('XX', 'a frame of 4097 bytes', 'bad_frame', 'The handshake has at most 4096.', one, Buffer.of(16, 1)),
    of('XX', 'message 3: s changed', 'handshake_failed', tag, one, framed(flipped(XX1.three, 0))),
    of('XX', 'message 3: tag of s changed', 'handshake_failed', tag, one, framed(flipped(XX1.three, 47))),
    of('XX', 'message 3: last byte changed', 'handshake_failed', tag, one, framed(flipped(XX1.three, -1))),
    of('XXhfs', 'message 3 changed', 'handshake_failed', tag, framed(PQ1.one), framed(flipped(PQ1.three, 9))),
    of(
      'XX',
      'message 3 of one who sent another prelude',
      'handshake_failed',
      'The prelude is the prologue: changed in flight, it is found out.',
      one,
      framed(otherPurpose.three),
    ),
    of(
      'XX',
      'message 3 of one who lacks the key that it shows',
      'handshake_failed',
      'se is another secret.',
      one,
      framed(handshake('XX', 'server', { staticKeys: impostor }).three),
    ),
    of('XX', 'a record in place of message 3', 'handshake_failed', tag, one, framed(Buffer.alloc(80, 7))),
    of(
      'XX',
      'the end within message 3',
      'truncated',
      'The rest never comes.',
      one,
      framed(XX1.three).subarray(0, 50),
    ),
  ];
}

/** All that an initiator reads, up to the frame that ends it. */
function refusedByInitiator(): object[] {
  const XX1 = handshake('XX', 'server');
  const PQ1 = handshake('XXhfs', 'server');
  const of = (
    suite: Suite,
    name: string,
    code: string,
    reason: string,
    bytes: Uint8Array,
    over: object = {},
  ): object => ({
    name,
    code,
    reason,
    suite,
    purpose: 'server',
    ...over,
    bytes: hex(bytes),
  });
  const impostor = { secretKey: STRANGER.secretKey, publicKey: STATIC.responder.publicKey };
  const otherPrelude = { prologue: prelude('XX', 'peer') };
  const expected = { expected_key: hex(STRANGER.publicKey) };
  const refusals = ['version', 'suite', 'purpose', 'busy'].map((reason, nth) =>
    of('XX', `refusal: ${reason}`, `refused_${reason}`, 'The responder says so.', Buffer.of(0, 0, nth + 1)),
  );
  const tag = 'It does not authenticate.';
  const lowOrder = Buffer.from(XX1.two);
  lowOrder.set(Buffer.from(LOW_ORDER[0] ?? '', 'hex'));
  return [
    ...refusals,
    of('XX', 'refusal: 5', 'bad_prelude', 'There are four reasons, 1 to 4.', Buffer.of(0, 0, 5)),
    of('XX', 'message 2 of 95 bytes', 'handshake_failed', 'It has 96 at least.', framed(Buffer.alloc(95))),
    of('XX', 'a frame of 4097 bytes', 'bad_frame', 'The handshake has at most 4096.', Buffer.of(16, 1)),
    of('XX', 'HTTP', 'bad_frame', 'The handshake has at most 4096.', Buffer.from('HTTP/1.1 400 Bad Request')),
    of(
      'XX',
      'message 2: e of low order',
      'handshake_failed',
      'ee would be zero (RFC 7748 6.1).',
      framed(lowOrder),
    ),
    of(
      'XX',
      'message 2: e changed',
      'handshake_failed',
      'ee is another secret.',
      framed(flipped(XX1.two, 0)),
    ),
    of('XX', 'message 2: s changed', 'handshake_failed', tag, framed(flipped(XX1.two, 32))),
    of('XX', 'message 2: last byte changed', 'handshake_failed', tag, framed(flipped(XX1.two, -1))),
    of('XXhfs', 'message 2: ekem1 changed', 'handshake_failed', tag, framed(flipped(PQ1.two, 32))),
    of('XXhfs', 'message 2 of XX', 'handshake_failed', 'It has 1200 bytes at least.', framed(XX1.two)),
    of(
      'XX',
      'message 2 of one who read another prelude',
      'handshake_failed',
      'The prelude is the prologue: changed in flight, it is found out.',
      framed(answer('XX', 'server', otherPrelude)),
    ),
    of(
      'XX',
      'message 2 of one who lacks the key that it shows',
      'handshake_failed',
      'es is another secret.',
      framed(answer('XX', 'server', { staticKeys: impostor })),
    ),
    of(
      'XX',
      'message 2 of another than the one required',
      'wrong_key',
      'The key is another.',
      framed(XX1.two),
      expected,
    ),
    of('XX', 'message 1 reflected', 'handshake_failed', 'It has 96 bytes at least.', framed(XX1.one)),
    of(
      'XX',
      'the end within message 2',
      'truncated',
      'The rest never comes.',
      framed(XX1.two).subarray(0, 50),
    ),
  ];
}

function count(first: number, length = 32): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => first + index);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
