import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer, type Socket } from 'node:net';
import type { Connection, Identity, Transport } from '../connection.ts';
import { listening } from './framed.ts';

/** What is used of the package, which has no types of its own. */
interface SecretStream
  extends EventEmitter<{ data: [message: Uint8Array]; drain: []; end: []; error: [Error]; close: [] }> {
  readonly opened: Promise<boolean>;
  write(message: Uint8Array): boolean;
  end(): void;
}

interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

interface SecretStreamClass {
  new (isInitiator: boolean, rawStream: Socket, options: { readonly keyPair: KeyPair }): SecretStream;
  keyPair(): KeyPair;
}

const require = createRequire(import.meta.url);
const SecretStream = require('@hyperswarm/secret-stream') as SecretStreamClass;

/**
 * @hyperswarm/secret-stream: Noise XX on Ed25519 keys, then libsodium's secretstream. One write is one
 * message.
 */
export const secretStream: Transport = {
  name: 'secret-stream',
  detail: '@hyperswarm/secret-stream 6.9.2, Noise XX, libsodium',
  credentials: async () => ({ server: newKeys(), client: newKeys() }),
  listen(credentials, onConnection) {
    const keyPair = keys(credentials.server);
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
      onConnection(new SecretConnection(false, socket, keyPair)),
    );
    return listening(server);
  },
  async connect(credentials, port) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    const connection = new SecretConnection(true, socket, keys(credentials.client));
    await connection.opened;
    return connection;
  },
};

class SecretConnection implements Connection {
  onMessage: (message: Uint8Array) => void = () => {};
  onClose: () => void = () => {};
  onDrain: () => void = () => {};
  readonly opened: Promise<void>;
  readonly #stream: SecretStream;
  readonly #socket: Socket;
  #corked = false;

  constructor(initiator: boolean, socket: Socket, keyPair: KeyPair) {
    this.#socket = socket;
    this.#stream = new SecretStream(initiator, socket, { keyPair });
    this.#stream.on('data', (message) => this.onMessage(message));
    this.#stream.on('drain', () => this.onDrain());
    this.#stream.on('end', () => this.#stream.end());
    this.#stream.on('error', () => {});
    this.#stream.on('close', () => this.onClose());
    this.opened = this.#stream.opened.then((open) => {
      if (!open) {
        throw new Error('secret-stream: no connection');
      }
    });
  }

  send(message: Uint8Array): boolean {
    // It writes each message by itself: what leaves in one turn is gathered by the socket.
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    return this.#stream.write(message);
  }

  close(): void {
    this.#stream.end();
  }
}

function newKeys(): Identity {
  const { publicKey, secretKey } = SecretStream.keyPair();
  return { secret: Buffer.from(secretKey).toString('hex'), known: Buffer.from(publicKey).toString('hex') };
}

function keys({ secret, known }: Identity): KeyPair {
  return { publicKey: Buffer.from(known, 'hex'), secretKey: Buffer.from(secret, 'hex') };
}
