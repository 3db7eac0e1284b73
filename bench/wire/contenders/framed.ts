import type { AddressInfo, Server, Socket } from 'node:net';
import type { Connection } from '../connection.ts';

const HEADER = 2;

/**
 * Messages over a byte stream of Node: a 2-byte length before each, and one write for all messages of a turn.
 * A single buffer in a single write was the fastest way found: `cork` with a chunk for each message costs
 * more.
 */
export class FramedConnection implements Connection {
  onMessage: (message: Uint8Array) => void = () => {};
  onClose: () => void = () => {};
  onDrain: () => void = () => {};
  readonly #socket: Socket;
  #rest: Uint8Array | undefined;
  #queue: Uint8Array[] = [];
  #queued = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Uint8Array) => this.#read(chunk));
    socket.on('drain', () => this.onDrain());
    socket.on('error', () => {});
    socket.on('close', () => this.onClose());
  }

  send(message: Uint8Array): boolean {
    if (this.#queue.push(message) === 1) {
      process.nextTick(() => this.#flush());
    }
    this.#queued += HEADER + message.length;
    return !this.#socket.writableNeedDrain && this.#queued < this.#socket.writableHighWaterMark;
  }

  close(): void {
    this.#socket.end();
  }

  #flush(): void {
    const bytes = Buffer.allocUnsafe(this.#queued);
    let at = 0;
    for (const message of this.#queue) {
      bytes[at] = message.length >>> 8;
      bytes[at + 1] = message.length & 0xff;
      bytes.set(message, at + HEADER);
      at += HEADER + message.length;
    }
    this.#queue = [];
    this.#queued = 0;
    if (this.#socket.writable && this.#socket.write(bytes)) {
      this.onDrain();
    }
  }

  #read(chunk: Uint8Array): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= HEADER) {
      const end = at + HEADER + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
      if (end > bytes.length) {
        break;
      }
      this.onMessage(bytes.subarray(at + HEADER, end));
      at = end;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }
}

/** Listens on a free port of 127.0.0.1. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 1024 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}
