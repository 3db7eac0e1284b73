/** What a Noise library that nobody here wrote must do to be met in these tests. */
export interface ForeignNoise {
  readonly name: string;
  /** Noise 5.3, Initialize. Throws for a protocol that the library does not know. */
  handshake(setup: HandshakeSetup): ForeignHandshake;
}

export interface HandshakeSetup {
  /** The full name of the protocol (Noise 8). */
  readonly protocol: string;
  readonly initiator: boolean;
  readonly prologue: Uint8Array;
  /** 32 bytes each. */
  readonly staticKeys: { readonly secretKey: Uint8Array; readonly publicKey: Uint8Array };
  /** 32 bytes; only for patterns in which it is known beforehand. */
  readonly remoteStaticKey?: Uint8Array;
}

export interface ForeignHandshake {
  writeMessage(payload: Uint8Array): Uint8Array;
  readMessage(message: Uint8Array): Uint8Array;
  /** Noise 5.2, Split. */
  finish(): ForeignTransport;
}

export interface ForeignTransport {
  readonly send: ForeignCipher;
  readonly receive: ForeignCipher;
  readonly handshakeHash: Uint8Array;
  /** Undefined when the other side has none. */
  readonly remoteStaticKey: Uint8Array | undefined;
}

/** Noise 5.1, with empty associated data. */
export interface ForeignCipher {
  seal(plaintext: Uint8Array): Uint8Array;
  open(ciphertext: Uint8Array): Uint8Array;
  /** Noise 4.2. Throws where the library has none. */
  rekey(): void;
}
