import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { encodeFrame, FrameReader, MAX_FRAME, PRELUDE_LENGTH } from '../../link/support/internals.ts';
import type { Cleanup } from '../../support/programs.ts';
import { LOCAL, type Target } from './target.ts';

/** A piece of a connection: the prelude, or a frame; counted from 0 in its direction, the prelude not counted. */
export interface Piece {
  readonly from: 'client' | 'server';
  /** `prelude`, or the number of the frame: 0 is message 1 or 2, 1 is message 3 or the server's first record. */
  readonly part: 'prelude' | number;
  readonly bytes: Buffer;
}

/** What goes on in the place of a piece. */
export type Meddle = (piece: Piece) => readonly Uint8Array[];

/** Somebody on the line between one person and the server: sees and changes every piece that goes by. */
export class Interceptor {
  readonly port: number;
  /** The address from which the server sees the person come. */
  readonly address: string;
  /** How often somebody has connected. */
  connections = 0;
  readonly #target: Target;
  readonly #meddle: Meddle;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number, target: Target, meddle: Meddle) {
    this.port = port;
    this.address = target.newAddress();
    this.#target = target;
    this.#meddle = meddle;
  }

  static async start(cleanup: Cleanup, target: Target, meddle: Meddle): Promise<Interceptor> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, LOCAL);
    await once(server, 'listening');
    const interceptor = new Interceptor((server.address() as AddressInfo).port, target, meddle);
    server.on('connection', (client) => interceptor.#join(client));
    cleanup.after(() => {
      server.close();
      for (const socket of interceptor.#sockets) socket.destroy();
    });
    return interceptor;
  }

  #join(client: Socket): void {
    this.connections += 1;
    const server = connect({
      host: LOCAL,
      port: this.#target.port,
      localAddress: this.address,
      allowHalfOpen: true,
      noDelay: true,
    });
    this.#carry('client', client, server);
    this.#carry('server', server, client);
  }

  #carry(from: Piece['from'], source: Socket, sink: Socket): void {
    const reader = new FrameReader();
    let part: Piece['part'] = from === 'client' ? 'prelude' : 0;
    const nextPiece = (): Buffer | undefined => {
      if (part === 'prelude') return bufferOf(reader.take(PRELUDE_LENGTH));
      // A refusal of the server's has a length of zero, and its reason where the next length would be.
      const body = reader.body(0, MAX_FRAME);
      return body && Buffer.from(encodeFrame(body));
    };
    this.#sockets.add(source);
    source.on('data', (chunk: Buffer) => {
      reader.push(chunk);
      for (let bytes = nextPiece(); bytes !== undefined; bytes = nextPiece()) {
        for (const piece of this.#meddle({ from, part, bytes })) sink.write(piece);
        part = part === 'prelude' ? 0 : part + 1;
      }
    });
    source.on('end', () => sink.end());
    source.on('error', () => {});
    source.on('close', () => {
      this.#sockets.delete(source);
      sink.destroy();
    });
  }
}

function bufferOf(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes && Buffer.from(bytes);
}
