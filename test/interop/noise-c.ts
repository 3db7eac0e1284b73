import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type {
  ForeignCipher,
  ForeignHandshake,
  ForeignNoise,
  ForeignTransport,
  HandshakeSetup,
} from './foreign.ts';

/**
 * The parts of the package `noise-c.wasm` that are used here: noise-c by Rhys Weatherley, compiled to
 * WebAssembly.
 */
interface NoiseC {
  readonly constants: { readonly NOISE_ROLE_INITIATOR: number; readonly NOISE_ROLE_RESPONDER: number };
  readonly HandshakeState: new (protocol: string, role: number) => NoiseCHandshake;
}

interface NoiseCHandshake {
  Initialize(prologue: Uint8Array, s: Uint8Array, rs: Uint8Array | null): void;
  WriteMessage(payload: Uint8Array): Uint8Array;
  ReadMessage(message: Uint8Array, payloadNeeded: true): Uint8Array;
  GetHandshakeHash(): Uint8Array;
  GetRemotePublicKey(): Uint8Array | null;
  /** To send with, to receive with. */
  Split(): [NoiseCCipher, NoiseCCipher];
}

interface NoiseCCipher {
  EncryptWithAd(ad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  DecryptWithAd(ad: Uint8Array, ciphertext: Uint8Array): Uint8Array;
  Rekey(): void;
}

type Load = (options: { wasmBinary: Uint8Array }, ready: (noise: NoiseC) => void) => void;

const NO_AD = new Uint8Array(0);

/** Loads the library. What it hangs into the process for errors that nobody caught is taken out again. */
export async function loadNoiseC(): Promise<ForeignNoise> {
  const require = createRequire(import.meta.url);
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  const load = require('noise-c.wasm') as Load;
  const wasmBinary = readFileSync(require.resolve('noise-c.wasm/src/noise-c.wasm'));
  const library = await new Promise<NoiseC>((resolve) => load({ wasmBinary }, resolve));
  for (const [nth, event] of events.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (before[nth]?.includes(listener) === false) {
        process.off(event, listener as () => void);
      }
    }
  }
  return { name: 'noise-c', handshake: (setup) => new Handshake(library, setup) };
}

class Handshake implements ForeignHandshake {
  readonly #state: NoiseCHandshake;

  constructor(
    library: NoiseC,
    { protocol, initiator, prologue, staticKeys, remoteStaticKey }: HandshakeSetup,
  ) {
    const { NOISE_ROLE_INITIATOR, NOISE_ROLE_RESPONDER } = library.constants;
    this.#state = new library.HandshakeState(
      protocol,
      initiator ? NOISE_ROLE_INITIATOR : NOISE_ROLE_RESPONDER,
    );
    this.#state.Initialize(prologue, staticKeys.secretKey, remoteStaticKey ?? null);
  }

  writeMessage(payload: Uint8Array): Uint8Array {
    return this.#state.WriteMessage(payload);
  }

  readMessage(message: Uint8Array): Uint8Array {
    return this.#state.ReadMessage(message, true);
  }

  finish(): ForeignTransport {
    const handshakeHash = this.#state.GetHandshakeHash();
    const remoteStaticKey = this.#state.GetRemotePublicKey() ?? undefined;
    const [send, receive] = this.#state.Split();
    return { send: cipher(send), receive: cipher(receive), handshakeHash, remoteStaticKey };
  }
}

function cipher(state: NoiseCCipher): ForeignCipher {
  return {
    seal: (plaintext) => state.EncryptWithAd(NO_AD, plaintext),
    open: (ciphertext) => state.DecryptWithAd(NO_AD, ciphertext),
    rekey: () => state.Rekey(),
  };
}
