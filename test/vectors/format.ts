import { KEM_SEED_LENGTH } from '../noise/support/internals.ts';
import { KEM_SECRET_LENGTH } from './kem-secret.ts';

/** Bytes of the randomness of an encapsulation (FIPS 203 7.2). */
const ENCAPSULATION_SEED_LENGTH = 32;

/** A vector as its file has it: nothing but its name has been looked at. */
export interface Entry {
  /** The full name of the protocol. */
  readonly name: string;
  /** Where it stands in its file, from 1, and what it calls itself there. */
  readonly title: string;
  readonly fields: Fields;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A vector: what both sides bring to a handshake, and what they must then say. */
export interface Vector {
  readonly initiator: Side;
  readonly responder: Side;
  /**
   * In turn, the initiator first; from the initiator alone in a one-way pattern. Those of the handshake come
   * first.
   */
  readonly messages: readonly Message[];
  readonly handshakeHash: Uint8Array | undefined;
  /** Present when the last message must be refused. */
  readonly failure: Failure | undefined;
}

/** What one side brings. */
export interface Side {
  readonly prologue: Uint8Array;
  readonly staticSecret: Uint8Array | undefined;
  /** Sent in place of the public key of `staticSecret`. */
  readonly staticPublic: Uint8Array | undefined;
  readonly ephemeralSecret: Uint8Array | undefined;
  readonly remoteStatic: Uint8Array | undefined;
  readonly presharedKeys: readonly Uint8Array[];
  /** ML-KEM-768: the seed of the key pair, 64 bytes, or its decapsulation key, 2400 bytes. */
  readonly kem: Uint8Array | undefined;
  /** ML-KEM-768: the randomness of the encapsulation, 32 bytes. */
  readonly encapsulation: Uint8Array | undefined;
}

export interface Message {
  readonly payload: Uint8Array;
  readonly ciphertext: Uint8Array | undefined;
  /** After the handshake: the key that this message is sealed with. */
  readonly key: Uint8Array | undefined;
  /** After the handshake: its sender applies REKEY before it. */
  readonly rekey: boolean;
}

export interface Failure {
  /** The code of the NoiseError; any when absent. */
  readonly error: string | undefined;
}

/**
 * The vectors of a file: an object with an array `vectors`, or the array alone. A file without vectors gives
 * none. Throws SyntaxError for what is not JSON.
 */
export function readEntries(file: string): Entry[] {
  const whole: unknown = JSON.parse(file);
  const top = isFields(whole) ? whole : {};
  const vectors = Array.isArray(whole) ? whole : top['vectors'];
  if (!Array.isArray(vectors)) {
    return [];
  }
  return vectors.map((vector: unknown, index) => {
    const fields = isFields(vector) ? vector : {};
    const name = nameOf(fields) ?? nameOf(top) ?? 'no protocol name';
    const label = text(fields, 'label') ?? text(fields, 'description');
    return { name, title: `#${index + 1}${label === undefined ? '' : ` ${label}`}`, fields };
  });
}

/**
 * The name is whole, or (noise-c's files) in parts. A fallback (Noise 10.2) is part of what the vector asks
 * for.
 */
function nameOf(fields: Fields): string | undefined {
  const [pattern, dh, cipher, hash] = ['pattern', 'dh', 'cipher', 'hash'].map((key) => text(fields, key));
  const hybrid = text(fields, 'hybrid');
  const parts = hash && `Noise_${pattern}_${dh}${hybrid === undefined ? '' : `+${hybrid}`}_${cipher}_${hash}`;
  const name = text(fields, 'protocol_name') ?? text(fields, 'protocol') ?? text(fields, 'name') ?? parts;
  if (name === undefined) {
    return undefined;
  }
  const whole = name.startsWith('Noise') ? name : (parts ?? name);
  return fields['fallback'] === true
    ? `${whole}, then ${text(fields, 'fallback_pattern') ?? 'fallback'}`
    : whole;
}

/** What an entry says. Throws Error for what is not as the format has it. */
export function vectorOf({ fields }: Entry): Vector {
  if ('msg_a' in fields) {
    return libp2pVector(fields);
  }
  const messages = fields['messages'];
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new Error('messages is not an array of some');
  }
  return {
    initiator: sideOf(fields, 'init'),
    responder: sideOf(fields, 'resp'),
    messages: messages.map(messageOf),
    handshakeHash: hex(fields, 'handshake_hash'),
    failure: fields['fail'] === true ? { error: text(fields, 'error') } : undefined,
  };
}

function sideOf(fields: Fields, side: 'init' | 'resp'): Side {
  const psks = fields[`${side}_psks`] ?? fields[`${side}_psk`] ?? [];
  return {
    prologue: hex(fields, `${side}_prologue`) ?? new Uint8Array(0),
    staticSecret: hex(fields, `${side}_static`),
    staticPublic: hex(fields, `${side}_static_public`),
    ephemeralSecret: hex(fields, `${side}_ephemeral`),
    remoteStatic: hex(fields, `${side}_remote_static`),
    presharedKeys: (Array.isArray(psks) ? psks : [psks]).map((psk: unknown) => bytes(psk, `${side}_psks`)),
    kem: kemField(fields, side, [KEM_SEED_LENGTH, KEM_SECRET_LENGTH]),
    encapsulation: kemField(fields, side, [ENCAPSULATION_SEED_LENGTH]),
  };
}

/**
 * The standard format has no names for these. Ours are `_kem_seed` and `_encapsulation_seed`; others are
 * guessed.
 */
function kemField(fields: Fields, side: string, lengths: readonly number[]): Uint8Array | undefined {
  const keys = Object.keys(fields).filter((key) => key.startsWith(side) && /kem|e1|hybrid|encap/.test(key));
  return keys.map((key) => hex(fields, key)).find((value) => lengths.includes(value?.length ?? 0));
}

function messageOf(message: unknown): Message {
  if (!isFields(message)) {
    throw new Error('a message is not an object');
  }
  return {
    payload: hex(message, 'payload') ?? new Uint8Array(0),
    ciphertext: hex(message, 'ciphertext'),
    key: hex(message, 'key'),
    rekey: message['rekey'] === true,
  };
}

/**
 * The format of the libp2p draft for XXhfs (noise-pq, section 11): empty payloads, and after the handshake
 * the two keys.
 */
function libp2pVector(fields: Fields): Vector {
  const sideOf = (side: 'i' | 'r'): Side => ({
    prologue: hex(fields, 'prologue') ?? new Uint8Array(0),
    staticSecret: hex(fields, `static_${side}_private`),
    staticPublic: hex(fields, `static_${side}_public`),
    ephemeralSecret: hex(fields, `ephemeral_dh_${side}_private`),
    remoteStatic: undefined,
    presharedKeys: [],
    kem: hex(fields, `ephemeral_kem_${side}_secret`),
    encapsulation: hex(fields, 'encap_seed_hex'),
  });
  const message = (name: { ciphertext: string } | { key: string }): Message => ({
    payload: new Uint8Array(0),
    ciphertext: 'ciphertext' in name ? hex(fields, name.ciphertext) : undefined,
    key: 'key' in name ? hex(fields, name.key) : undefined,
    rekey: false,
  });
  return {
    initiator: sideOf('i'),
    responder: sideOf('r'),
    messages: [
      ...['msg_a', 'msg_b', 'msg_c'].map((ciphertext) => message({ ciphertext })),
      ...['cs2_k', 'cs1_k'].map((key) => message({ key })),
    ],
    handshakeHash: hex(fields, 'handshake_hash'),
    failure: undefined,
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text; absent and null are the same. */
function text(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'string' ? value : undefined;
}

/** Bytes in hexadecimal digits, small or capital; absent and null are the same. */
function hex(fields: Fields, key: string): Uint8Array | undefined {
  const value = fields[key] ?? undefined;
  return value === undefined ? undefined : bytes(value, key);
}

function bytes(value: unknown, key: string): Uint8Array {
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{2})*$/i.test(value)) {
    throw new Error(`${key} is not in hexadecimal digits`);
  }
  return new Uint8Array(Buffer.from(value, 'hex'));
}
