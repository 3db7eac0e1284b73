import { type Backend, KEY_LENGTH, type KeyPair, PSK_LENGTH } from './backend.ts';
import { needsStatic, type Pattern, pskCount, type Role } from './patterns.ts';
import type { ProtocolName } from './protocol.ts';

/** What a side of a handshake brings to it. */
export interface HandshakeOptions {
  readonly protocol: ProtocolName;
  readonly initiator: boolean;
  /** What both sides must already agree on, of any length (Noise 6). */
  readonly prologue: Uint8Array;
  /** Our long-term key pair; not used by a pattern in which this side has none. */
  readonly staticKeys?: KeyPair;
  /**
   * The other side's static public key, 32 bytes: for patterns in which it is known beforehand, and for no
   * others.
   */
  readonly remoteStaticKey?: Uint8Array;
  /** Keys of 32 bytes that both sides share already, one for each `psk` modifier, in their order. */
  readonly presharedKeys?: readonly Uint8Array[];
  /** The runtime's own choice when absent. */
  readonly backend?: Backend;
  /** Takes the place of randomness. For test vectors only: a second handshake with the same is not secret. */
  readonly ephemeral?: FixedEphemeral;
}

/** See {@link HandshakeOptions.ephemeral}. */
export interface FixedEphemeral {
  /** The X25519 ephemeral secret key, 32 bytes. */
  readonly secretKey: Uint8Array;
  /** The seed of the ML-KEM key pair, 64 bytes. */
  readonly kemSeed?: Uint8Array;
  /** The randomness of the encapsulation, 32 bytes. */
  readonly encapsulationSeed?: Uint8Array;
}

/**
 * Whether a side brings exactly the keys that the pattern needs of it. One that it brings in vain would go
 * unchecked: that is a mistake too, but for its own static keys.
 * @throws RangeError
 */
export function assertKeys(pattern: Pattern, options: HandshakeOptions): void {
  const { protocol, initiator, staticKeys, remoteStaticKey, presharedKeys = [] } = options;
  const require = (holds: boolean, what: string): void => {
    if (!holds) {
      throw new RangeError(`${protocol}, ${initiator ? 'initiator' : 'responder'}: ${what}`);
    }
  };
  const [ours, theirs]: [Role, Role] = initiator ? ['initiator', 'responder'] : ['responder', 'initiator'];
  const psks = pskCount(pattern);
  require(staticKeys !== undefined || !needsStatic(pattern, ours), 'its own static keys are missing');
  if (pattern.known.includes(theirs)) {
    require(remoteStaticKey?.length ===
      KEY_LENGTH, `the remote static key must be given, ${KEY_LENGTH} bytes`);
  } else {
    require(remoteStaticKey === undefined, 'there is no remote static key beforehand');
  }
  require(presharedKeys.length === psks, `pre-shared keys: ${presharedKeys.length}, not ${psks}`);
  require(presharedKeys.every((key) => key.length === PSK_LENGTH), `a pre-shared key is ${PSK_LENGTH} bytes`);
}
