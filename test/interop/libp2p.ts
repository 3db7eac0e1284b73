import { defaultCrypto } from '@libp2p/noise/crypto';
import { Uint8ArrayList } from 'uint8arraylist';
import type {
  ForeignCipher,
  ForeignHandshake,
  ForeignNoise,
  ForeignTransport,
  HandshakeSetup,
} from './foreign.ts';

type Bytes = Uint8Array | Uint8ArrayList;

/** The parts of the package `@libp2p/noise` that are used here. */
interface StateMachine {
  readonly XXHandshakeState: new (init: {
    readonly crypto: Crypto;
    readonly protocolName: string;
    readonly initiator: boolean;
    readonly prologue: Uint8Array;
    readonly s: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array };
  }) => XX;
}

interface Crypto {
  encrypt(plaintext: Uint8Array, nonce: Uint8Array, ad: Uint8Array, key: Uint8Array): Bytes;
}

interface XX {
  readonly ss: { readonly h: Uint8Array; split(): [Cipher, Cipher] };
  readonly rs?: Bytes;
  writeMessageA(payload: Uint8Array): Bytes;
  writeMessageB(payload: Uint8Array): Bytes;
  writeMessageC(payload: Uint8Array): Bytes;
  readMessageA(message: Uint8ArrayList): Bytes;
  readMessageB(message: Uint8ArrayList): Bytes;
  readMessageC(message: Uint8ArrayList): Bytes;
}

interface Cipher {
  k: Uint8Array;
  encryptWithAd(ad: Uint8Array, plaintext: Uint8Array): Bytes;
  decryptWithAd(ad: Uint8Array, ciphertext: Uint8Array): Bytes;
}

const EMPTY = new Uint8Array(0);
/** Noise 4.2: 2^64-1 as ChaChaPoly writes it. */
const REKEY_NONCE = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255);

/**
 * Loads the library. Its front door is libp2p's connection encrypter, which puts libp2p's identities into the
 * payloads; the state machine that it drives, "agnostic to libp2p's usage of noise", lies behind it and is
 * fetched from there. So the version of the package is fixed.
 */
export async function loadLibp2p(): Promise<ForeignNoise> {
  const beside = (file: string) => import(new URL(file, import.meta.resolve('@libp2p/noise')).href);
  const { XXHandshakeState } = (await beside('./protocol.js')) as StateMachine;
  const { wrapCrypto } = (await beside('./crypto.js')) as { wrapCrypto(crypto: unknown): Crypto };
  const crypto = wrapCrypto(defaultCrypto);
  return { name: 'libp2p', handshake: (setup) => new Handshake(XXHandshakeState, crypto, setup) };
}

class Handshake implements ForeignHandshake {
  readonly #xx: XX;
  readonly #initiator: boolean;
  readonly #crypto: Crypto;
  #next = 0;

  constructor(XXHandshakeState: StateMachine['XXHandshakeState'], crypto: Crypto, setup: HandshakeSetup) {
    const { protocol, initiator, prologue, staticKeys } = setup;
    this.#initiator = initiator;
    this.#crypto = crypto;
    const s = { privateKey: staticKeys.secretKey, publicKey: staticKeys.publicKey };
    this.#xx = new XXHandshakeState({ crypto, protocolName: protocol, initiator, prologue, s });
  }

  writeMessage(payload: Uint8Array): Uint8Array {
    const message = (['writeMessageA', 'writeMessageB', 'writeMessageC'] as const)[this.#next++];
    if (message === undefined) {
      throw new Error('XX has three messages');
    }
    return this.#xx[message](payload).subarray();
  }

  readMessage(message: Uint8Array): Uint8Array {
    const read = (['readMessageA', 'readMessageB', 'readMessageC'] as const)[this.#next++];
    if (read === undefined) {
      throw new Error('XX has three messages');
    }
    return this.#xx[read](new Uint8ArrayList(message)).subarray();
  }

  finish(): ForeignTransport {
    const { ss, rs } = this.#xx;
    const [first, second] = ss.split().map((each) => cipher(each, this.#crypto)) as [
      ForeignCipher,
      ForeignCipher,
    ];
    const [send, receive] = this.#initiator ? [first, second] : [second, first];
    return { send, receive, handshakeHash: ss.h, remoteStaticKey: rs?.subarray() };
  }
}

function cipher(state: Cipher, crypto: Crypto): ForeignCipher {
  return {
    seal: (plaintext) => state.encryptWithAd(EMPTY, plaintext).subarray(),
    open: (ciphertext) => state.decryptWithAd(EMPTY, ciphertext).subarray(),
    // The library has no REKEY of its own, but all that Noise 4.2 makes it of.
    rekey() {
      const block = crypto.encrypt(new Uint8Array(32), REKEY_NONCE, EMPTY, state.k);
      state.k = Uint8Array.from(block.subarray(0, 32));
    },
  };
}
