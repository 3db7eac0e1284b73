import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Reads a TCP stream by lengths and by frames of a `u16` length. */
export class ByteStream {
  readonly socket: Socket;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket.setNoDelay();
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /** The next `length` bytes. Throws Error when the stream ends before. */
  async read(length: number): Promise<Buffer> {
    while (this.#rest.length < length) {
      const next = await this.#chunks.next();
      if (next.done === true) {
        throw new Error(`the stream ends ${length - this.#rest.length} bytes too early`);
      }
      this.#rest = Buffer.concat([this.#rest, next.value]);
    }
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return piece;
  }

  async readFrame(): Promise<Buffer> {
    const header = await this.read(2);
    return this.read(header.readUInt16BE());
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  writeFrame(body: Uint8Array): void {
    const header = Buffer.alloc(2);
    header.writeUInt16BE(body.length);
    this.socket.write(Buffer.concat([header, body]));
  }

  /** Ends our half and waits for the end of theirs; true when nothing more came. */
  async end(): Promise<boolean> {
    this.socket.end();
    if (this.socket.readableEnded) {
      return true;
    }
    const next = await this.#chunks.next();
    if (!this.socket.closed) {
      await once(this.socket, 'close');
    }
    return next.done === true && this.#rest.length === 0;
  }
}
