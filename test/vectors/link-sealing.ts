import { createCipheriv } from 'node:crypto';

/** The kinds of record by their byte. */
export const KINDS = ['data', 'close', 'ping', 'pong'] as const;
export type Kind = (typeof KINDS)[number];

const REKEY_NONCE = 2n ** 64n - 1n;

/**
 * One direction of a link, written from the specification on node:crypto alone, so that the vectors do not
 * come from the code that they check.
 */
export class Sealer {
  #key: Buffer;
  #nonce: number;

  constructor(key: Uint8Array, nonce = 0) {
    this.#key = Buffer.from(key);
    this.#nonce = nonce;
  }

  get key(): Buffer {
    return this.#key;
  }

  get nonce(): number {
    return this.#nonce;
  }

  /** The frame of a plaintext; the agreed rekeying follows by itself. */
  frame(plaintext: Uint8Array): Buffer {
    const sealed = seal(this.#key, BigInt(this.#nonce), plaintext);
    this.#nonce++;
    if (this.#nonce % 1_024 === 0) {
      this.rekey();
    }
    return framed(sealed);
  }

  /** Noise 4.2. */
  rekey(): void {
    this.#key = seal(this.#key, REKEY_NONCE, Buffer.alloc(32)).subarray(0, 32);
  }
}

/** A `u16` length, big-endian, and the bytes. */
export function framed(bytes: Uint8Array): Buffer {
  const frame = Buffer.alloc(2 + bytes.length);
  frame.writeUInt16BE(bytes.length);
  frame.set(bytes, 2);
  return frame;
}

/** A record as a sender makes it, padding included. */
export function recordOf(kind: Kind, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const record = Buffer.alloc(paddedLength(3 + body.length));
  record.writeUInt8(KINDS.indexOf(kind));
  record.writeUInt16BE(body.length, 1);
  record.set(body, 3);
  return record;
}

function paddedLength(length: number): number {
  for (let size = 64; size <= 1_024; size *= 2) {
    if (length <= size) {
      return size;
    }
  }
  return Math.min(1_024 * Math.ceil(length / 1_024), 65_535 - 16);
}

/** RFC 8439 2.8 with the nonce of Noise 12.3. */
function seal(key: Uint8Array, nonce: bigint, plaintext: Uint8Array): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeBigUInt64LE(nonce, 4);
  const cipher = createCipheriv('chacha20-poly1305', key, iv, { authTagLength: 16 });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}
