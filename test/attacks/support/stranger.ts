import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LOCAL, type Target } from './target.ts';

/** How the server is to end a connection. */
export interface ExpectedEnd {
  /** Hex of what it says before; nothing when absent. */
  readonly reply?: string;
  /** What its log has for it: a code, or one of several. */
  readonly reason: string | readonly string[];
}

/** Somebody with a TCP connection to the server, who sends whatever bytes they like. */
export class Stranger {
  /** The address that the server sees. */
  readonly address: string;
  readonly socket: Socket;
  readonly #target: Target;
  #chunks: Buffer[] = [];
  #length = 0;
  #isOver = false;
  #changed = Promise.withResolvers<void>();

  private constructor(target: Target, address: string, socket: Socket) {
    this.address = address;
    this.socket = socket;
    this.#target = target;
    socket.on('data', (bytes: Buffer) => {
      this.#chunks.push(bytes);
      this.#length += bytes.length;
      this.#change();
    });
    socket.on('end', () => this.#over());
    // A server that is done with somebody while bytes of theirs are unread resets the connection.
    socket.on('error', () => {});
    socket.on('close', () => this.#over());
  }

  /** Connects, from an address of their own unless one is given. */
  static async connect(target: Target, address = target.newAddress()): Promise<Stranger> {
    const socket = connect({
      host: LOCAL,
      port: target.port,
      localAddress: address,
      noDelay: true,
      allowHalfOpen: true,
    });
    await once(socket, 'connect');
    return new Stranger(target, address, socket);
  }

  /** Hands bytes to the system. They may come to nothing: the server may have closed already. */
  async send(...pieces: readonly Uint8Array[]): Promise<void> {
    if (this.socket.destroyed || this.socket.writableEnded) {
      return;
    }
    await new Promise<void>((resolve) => this.socket.write(Buffer.concat(pieces), () => resolve()));
  }

  /** Says that nothing more comes, and goes on reading. */
  halfClose(): void {
    this.socket.end();
  }

  /** Ends the connection with a reset. */
  async reset(): Promise<void> {
    this.socket.resetAndDestroy();
    await this.#closed();
  }

  /** Ends the connection. */
  async hangUp(): Promise<void> {
    this.socket.destroy();
    await this.#closed();
  }

  /** The next bytes from the server; undefined when it ends the stream before they have come. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.#length < length) {
      if (this.#isOver) {
        return undefined;
      }
      await this.#changed.promise;
    }
    return this.#cut(length);
  }

  /** Resolves when the server has ended the stream. */
  get over(): Promise<void> {
    return this.#untilOver();
  }

  /**
   * Waits until the server ends the stream; returns what it had said until then, beyond what was taken, and
   * hangs up.
   */
  async last(): Promise<Buffer> {
    await this.over;
    await this.hangUp();
    return this.#cut(this.#length);
  }

  /** Waits until the server ends the stream, for that reason, having said this and no more. */
  async assertClosed({ reply = '', reason }: ExpectedEnd): Promise<void> {
    assert.equal((await this.last()).toString('hex'), reply);
    await this.#target.assertReason(this.address, ...(typeof reason === 'string' ? [reason] : reason));
  }

  /** Bytes that have come. */
  #cut(length: number): Buffer {
    let count = 0;
    for (let joined = 0; joined < length; count++) {
      joined += this.#chunks[count]?.length ?? 0;
    }
    const all = Buffer.concat(this.#chunks.splice(0, count));
    if (all.length > length) {
      this.#chunks.unshift(all.subarray(length));
    }
    this.#length -= length;
    return all.subarray(0, length);
  }

  async #untilOver(): Promise<void> {
    while (!this.#isOver) {
      await this.#changed.promise;
    }
  }

  async #closed(): Promise<void> {
    if (!this.socket.closed) {
      await once(this.socket, 'close');
    }
  }

  #over(): void {
    this.#isOver = true;
    this.#change();
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
