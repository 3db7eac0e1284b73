import { chooseBackend, type ProtocolName, protocolOf } from '../../src/noise/index.ts';
import type { Backend } from '../noise/support/internals.ts';
import { type Role, senderOf } from '../noise/support/internals.ts';
import { type Message, vectorOf } from './format.ts';
import { otherThan, Player } from './replay.ts';

/** What both sides bring, under the names of the format. */
export interface Setup {
  readonly protocol_name: ProtocolName;
  readonly [field: string]: string | readonly string[];
}

/** One message of a conversation, in turn; from the initiator alone in a one-way pattern. */
export interface Step {
  readonly payload?: Uint8Array;
  /** The sender rekeys before it; `alone`: and the other side does not. */
  readonly rekey?: 'both' | 'alone';
  /** What reaches the other side in its place. */
  readonly arrives?: (message: Uint8Array) => Uint8Array;
}

/** Why the last message of a conversation is refused. */
export interface Refusal {
  readonly error: string;
  readonly reason: string;
  /** The last message cannot be written, because of what was read before. */
  readonly unwritten?: true;
}

/** A vector as it stands in a file. */
export interface Recorded {
  readonly [field: string]: unknown;
  readonly messages: readonly RecordedMessage[];
}

/** A message of a vector: what is there, in hexadecimal digits. */
interface RecordedMessage {
  readonly rekey?: true;
  readonly key?: string;
  readonly payload: string;
  readonly ciphertext?: string;
}

/** Two sides that speak by a script, and what they say as a vector. */
export function record(label: string, setup: Setup, script: readonly Step[], refusal?: Refusal): Recorded {
  return new Recorder(label, setup, refusal).run(script);
}

class Recorder {
  readonly #label: string;
  readonly #setup: Setup;
  readonly #refusal: Refusal | undefined;
  readonly #players: Record<Role, Player>;
  readonly #oneWay: boolean;
  #lastKey: Uint8Array = new Uint8Array(0);

  constructor(label: string, setup: Setup, refusal: Refusal | undefined) {
    this.#label = label;
    this.#setup = setup;
    this.#refusal = refusal;
    const { protocol_name: name } = setup;
    const vector = vectorOf({ name, title: label, fields: { ...setup, messages: [{}] } });
    const backend = this.#watched(chooseBackend('noble'));
    this.#players = {
      initiator: new Player(name, vector, 'initiator', backend),
      responder: new Player(name, vector, 'responder', backend),
    };
    this.#oneWay = protocolOf(name).pattern.messages.length === 1;
  }

  run(script: readonly Step[]): Recorded {
    const last = script.length - 1;
    const unwritten = this.#refusal?.unwritten === true;
    const lastSender = this.#senderOf(last);
    const victim = unwritten ? lastSender : otherThan(lastSender);
    const messages = script.map((step, index): RecordedMessage => {
      if (index === last && unwritten) {
        return { payload: hex(step.payload) };
      }
      return this.#step(step, index, { victim, unread: this.#refusal !== undefined && index === last });
    });
    const { protocol_name, ...sides } = this.#setup;
    const { initiator } = this.#players;
    return {
      label: this.#label,
      protocol_name,
      ...(this.#refusal === undefined
        ? {}
        : { fail: true, error: this.#refusal.error, reason: this.#refusal.reason }),
      ...sides,
      ...(this.#refusal === undefined ? { handshake_hash: hex(initiator.transport?.handshakeHash) } : {}),
      messages,
    };
  }

  /** The vector has what the victim writes and what reaches it; without a victim the two are the same. */
  #step(step: Step, index: number, { victim, unread }: { victim: Role; unread: boolean }): RecordedMessage {
    const sender = this.#senderOf(index);
    const inTransport = this.#players[sender].transport !== undefined;
    const payload = step.payload ?? new Uint8Array(0);
    const message: Message = {
      payload,
      ciphertext: undefined,
      key: undefined,
      rekey: step.rekey !== undefined,
    };
    const written = this.#players[sender].write(message);
    const key = hex(this.#lastKey);
    const arrived = step.arrives?.(written) ?? written;
    if (!unread) {
      this.#players[otherThan(sender)].read(message, arrived);
    }
    return {
      ...(step.rekey === 'both' ? { rekey: true } : {}),
      ...(inTransport && this.#refusal === undefined ? { key } : {}),
      payload: hex(payload),
      ciphertext: hex(sender === victim ? written : arrived),
    };
  }

  #senderOf(index: number): Role {
    return this.#oneWay ? 'initiator' : senderOf(index);
  }

  #watched(backend: Backend): Backend {
    return {
      ...backend,
      seal: (key, ...rest) => {
        this.#lastKey = Uint8Array.from(key);
        backend.seal(key, ...rest);
      },
    };
  }
}

export function hex(bytes: Uint8Array = new Uint8Array(0)): string {
  return Buffer.from(bytes).toString('hex');
}
