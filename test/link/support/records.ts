import { type Backend, CipherState, chooseBackend } from '../../../src/noise/index.ts';
import type { FinishedHandshake } from './internals.ts';
import { encodeFrame, frameRecord, type Kind, paddedLength, RECORD_HEADER } from './internals.ts';
import { End } from './pipe.ts';

const TO_RESPONDER = new Uint8Array(32).fill(0xa1);
const TO_INITIATOR = new Uint8Array(32).fill(0xb2);

/** One side of a link as after its handshake, with these transport keys of 32 bytes. */
export function sideWithKeys(
  initiator: boolean,
  keys: { readonly send: Uint8Array; readonly receive: Uint8Array },
  backend: Backend = chooseBackend('native'),
): FinishedHandshake {
  return {
    initiator,
    suite: 'XX',
    purpose: 'peer',
    remotePayload: new Uint8Array(0),
    transport: {
      send: new CipherState(backend, keys.send),
      receive: new CipherState(backend, keys.receive),
      handshakeHash: new Uint8Array(32),
      remoteStaticKey: new Uint8Array(32),
    },
  };
}

/** One side of a link as after its handshake, always under the same keys. */
export function fixedSide(initiator: boolean, backend?: Backend): FinishedHandshake {
  const keys = initiator
    ? { send: TO_RESPONDER, receive: TO_INITIATOR }
    : { send: TO_INITIATOR, receive: TO_RESPONDER };
  return sideWithKeys(initiator, keys, backend);
}

/** The responder's end, ready to read what a {@link RecordSealer} has sealed. */
export function reader(backend?: Backend): End {
  return new End(fixedSide(false, backend), 0);
}

/** Seals records for the responder, those that an honest side never makes too. Knows nothing of rekeying. */
export class RecordSealer {
  readonly #cipher = fixedSide(true).transport.send;

  /** The frame of an honest record; DATA has a body of that length. */
  seal(kind: Kind, length = 0): Buffer {
    const record = new Uint8Array(paddedLength(length));
    record.fill(0x61 + (this.#cipher.nonce % 26), RECORD_HEADER, RECORD_HEADER + length);
    frameRecord(record, kind, length);
    return this.sealRecord(record);
  }

  /** The frame of any plaintext. */
  sealRecord(record: Uint8Array): Buffer {
    return Buffer.from(encodeFrame(this.#cipher.seal(new Uint8Array(0), record)));
  }
}

/** A record of each kind, and of each padding class, by its kind and the length of its body. */
export const SAMPLES: readonly (readonly [Kind, number])[] = [
  ['close', 0],
  ['ping', 0],
  ['pong', 0],
  ['data', 1],
  ['data', 62],
  ['data', 126],
  ['data', 254],
  ['data', 510],
  ['data', 1_022],
  ['data', 2_046],
];
