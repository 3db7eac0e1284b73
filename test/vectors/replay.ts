import {
  CipherState,
  HandshakeState,
  type KeyPair,
  keyPairFromSecret,
  NoiseError,
  type ProtocolName,
  protocolOf,
  type Transport,
} from '../../src/noise/index.ts';
import type { Backend } from '../noise/support/internals.ts';
import { type Pattern, type Role, senderOf } from '../noise/support/internals.ts';
import { type Entry, type Message, type Side, type Vector, vectorOf } from './format.ts';
import { KEM_SECRET_LENGTH, withKemSecret } from './kem-secret.ts';

const EMPTY = new Uint8Array(0);

/** Bytes shown of a message that differs. */
const SHOWN = 16;

/**
 * Plays a vector with both roles on a backend, each against the bytes of the file.
 * Throws Error that says what is not as the vector has it.
 */
export function replay(entry: Entry, backend: Backend): void {
  const vector = vectorOf(entry);
  const play = new Play(entry.name as ProtocolName, vector, backend);
  if (vector.failure === undefined) {
    play.whole();
  } else {
    play.failing(vector.failure.error);
  }
}

class Play {
  readonly #vector: Vector;
  readonly #backend: Backend;
  readonly #handshakeLength: number;
  readonly #players: Record<Role, Player>;

  constructor(name: ProtocolName, vector: Vector, backend: Backend) {
    this.#vector = vector;
    this.#backend = backend;
    this.#handshakeLength = protocolOf(name).pattern.messages.length;
    this.#players = {
      initiator: new Player(name, vector, 'initiator', backend),
      responder: new Player(name, vector, 'responder', backend),
    };
  }

  whole(): void {
    const { messages, handshakeHash } = this.#vector;
    for (const [index, message] of messages.entries()) {
      const sender = this.#senderOf(index);
      this.#write(sender, index, message);
      this.#read(otherThan(sender), index, message);
    }
    for (const { transport } of Object.values(this.#players)) {
      if (transport === undefined) {
        throw new Error('the messages end before the handshake');
      }
      if (handshakeHash !== undefined) {
        assertSame(transport.handshakeHash, handshakeHash, 'the handshake hash');
      }
    }
  }

  /**
   * All but the last message go well; the last is refused by its reader, or, if it has no ciphertext, by its
   * writer. Only that side is played.
   */
  failing(error: string | undefined): void {
    const { messages } = this.#vector;
    const last = messages.length - 1;
    const writing = messages[last]?.ciphertext === undefined;
    const victim = writing ? this.#senderOf(last) : otherThan(this.#senderOf(last));
    for (const [index, message] of messages.entries()) {
      const step = () =>
        this.#senderOf(index) === victim
          ? this.#write(victim, index, message)
          : this.#read(victim, index, message);
      if (index < last) {
        step();
      } else {
        assertRefused(step, error);
      }
    }
  }

  #senderOf(index: number): Role {
    return this.#handshakeLength === 1 ? 'initiator' : senderOf(index);
  }

  #write(sender: Role, index: number, message: Message): void {
    const ciphertext = this.#players[sender].write(message);
    assertSame(ciphertext, this.#ciphertext(index, message), `message ${index + 1}, written`);
  }

  #read(reader: Role, index: number, message: Message): void {
    const payload = this.#players[reader].read(message, this.#ciphertext(index, message));
    assertSame(payload, message.payload, `the payload of message ${index + 1}, read`);
  }

  /** The bytes of a message by the file: its ciphertext, or what its key makes of the payload, or both. */
  #ciphertext(index: number, { ciphertext, key, payload }: Message): Uint8Array {
    if (key !== undefined) {
      const before = index - this.#handshakeLength;
      const cipher = new CipherState(this.#backend, key);
      cipher.setNonce(this.#handshakeLength === 1 ? before : Math.floor(before / 2));
      const sealed = cipher.seal(EMPTY, payload);
      if (ciphertext !== undefined) {
        assertSame(sealed, ciphertext, `message ${index + 1}, under its key`);
      }
      return sealed;
    }
    if (ciphertext === undefined) {
      throw new Error(`message ${index + 1} has no ciphertext`);
    }
    return ciphertext;
  }
}

/** One side, from its first message to its last. */
export class Player {
  readonly #handshake: HandshakeState;
  transport: Transport | undefined;

  constructor(protocol: ProtocolName, vector: Vector, role: Role, backend: Backend) {
    const side = vector[role];
    const other = vector[otherThan(role)];
    const { pattern } = protocolOf(protocol);
    const staticKeys = staticKeysOf(side, backend);
    const known = pattern.known.includes(otherThan(role));
    const remoteStaticKey = known
      ? (side.remoteStatic ?? staticKeysOf(other, backend)?.publicKey)
      : undefined;
    const psks = side.presharedKeys.length > 0 ? side.presharedKeys : other.presharedKeys;
    this.#handshake = new HandshakeState({
      protocol,
      initiator: role === 'initiator',
      prologue: side.prologue,
      ...(staticKeys === undefined ? {} : { staticKeys }),
      ...(remoteStaticKey === undefined ? {} : { remoteStaticKey }),
      presharedKeys: psks,
      backend: side.kem?.length === KEM_SECRET_LENGTH ? withKemSecret(backend, side.kem) : backend,
      ...fixedOf(side, pattern, role),
    });
  }

  write(message: Message): Uint8Array {
    if (this.transport === undefined) {
      return this.#next(this.#handshake.writeMessage(message.payload));
    }
    if (message.rekey) {
      this.transport.send.rekey();
    }
    return this.transport.send.seal(EMPTY, message.payload);
  }

  read(message: Message, ciphertext: Uint8Array): Uint8Array {
    if (this.transport === undefined) {
      return this.#next(this.#handshake.readMessage(ciphertext));
    }
    if (message.rekey) {
      this.transport.receive.rekey();
    }
    return this.transport.receive.open(EMPTY, ciphertext);
  }

  #next(bytes: Uint8Array): Uint8Array {
    if (this.#handshake.complete) {
      this.transport = this.#handshake.finish();
    }
    return bytes;
  }
}

export function otherThan(role: Role): Role {
  return role === 'initiator' ? 'responder' : 'initiator';
}

function staticKeysOf(side: Side, backend: Backend): KeyPair | undefined {
  if (side.staticSecret === undefined) {
    return undefined;
  }
  const keys = keyPairFromSecret(side.staticSecret, backend);
  return { ...keys, publicKey: side.staticPublic ?? keys.publicKey };
}

/** What takes the place of randomness. Throws where there must be some and the file has none. */
function fixedOf(side: Side, pattern: Pattern, role: Role) {
  const sent = pattern.messages.filter((_, index) => senderOf(index) === role).flat();
  const { ephemeralSecret: secretKey, kem, encapsulation: encapsulationSeed } = side;
  if (secretKey === undefined) {
    if (sent.includes('e')) {
      throw new Error(`the ${role}'s ephemeral key is missing`);
    }
    return {};
  }
  if (sent.includes('e1') && kem === undefined) {
    throw new Error(`the ${role}'s ML-KEM key is missing`);
  }
  if (sent.includes('ekem1') && encapsulationSeed === undefined) {
    throw new Error(`the ${role}'s encapsulation seed is missing`);
  }
  return {
    ephemeral: {
      secretKey,
      ...(kem === undefined ? {} : { kemSeed: kem }),
      ...(encapsulationSeed === undefined ? {} : { encapsulationSeed }),
    },
  };
}

function assertSame(actual: Uint8Array, expected: Uint8Array, what: string): void {
  const at = expected.findIndex((byte, index) => byte !== actual[index]);
  if (at === -1 && actual.length === expected.length) {
    return;
  }
  const start = at === -1 ? expected.length : at;
  const [is, must] = [actual, expected].map((bytes) =>
    Buffer.from(bytes).toString('hex', start, start + SHOWN),
  );
  throw new Error(
    `${what}: ${actual.length} of ${expected.length} bytes, from byte ${start} on ${is}…, must be ${must}…`,
  );
}

function assertRefused(step: () => void, error: string | undefined): void {
  try {
    step();
  } catch (refusal) {
    if (!(refusal instanceof NoiseError)) {
      throw refusal;
    }
    if (error === undefined || refusal.code === error) {
      return;
    }
    throw new Error(`the last message is refused as ${refusal.code}, not ${error}`);
  }
  throw new Error('the last message is not refused');
}
