import { encodeFrame, FrameReader, MAX_FRAME, PRELUDE_LENGTH } from '../../link/support/internals.ts';
import type { Cleanup } from '../../support/programs.ts';
import { type From, type Passage, TcpProxy, type Traffic } from '../../support/tcp-proxy.ts';
import type { Target } from './target.ts';

/**
 * A piece of a connection: the prelude, or a frame; counted from 0 in its direction, the prelude not counted.
 */
export interface Piece {
  readonly from: From;
  /**
   * `prelude`, or the number of the frame: 0 is message 1 or 2, 1 is message 3 or the server's first record.
   */
  readonly part: 'prelude' | number;
  readonly bytes: Buffer;
}

/** What goes on in the place of a piece. */
export type Meddle = (piece: Piece) => readonly Uint8Array[];

/** Somebody on the line between one person and the server, who sees and changes every piece that goes by. */
export interface Interceptor {
  readonly port: number;
  /** The address from which the server sees the person come. */
  readonly address: string;
  /** How often somebody has connected. */
  readonly connections: number;
}

/** Puts somebody on a line to the target. */
export async function intercept(cleanup: Cleanup, target: Target, meddle: Meddle): Promise<Interceptor> {
  const address = target.newAddress();
  const proxy = await TcpProxy.start(target.port, {
    localAddress: address,
    through: (passage) => byPieces(passage, meddle),
  });
  cleanup.after(() => proxy.stop());
  return {
    port: proxy.port,
    address,
    get connections() {
      return proxy.connections;
    },
  };
}

/** Cuts what each end sends into its pieces. */
function byPieces(passage: Passage, meddle: Meddle): Traffic {
  const pieces = { client: new Pieces('prelude'), server: new Pieces(0) };
  return (from, chunk) => {
    for (const { part, bytes } of pieces[from].push(chunk)) {
      for (const piece of meddle({ from, part, bytes })) {
        passage.pass(from, piece);
      }
    }
  };
}

/** The pieces of one direction. */
class Pieces {
  readonly #reader = new FrameReader();
  #part: Piece['part'];

  constructor(first: Piece['part']) {
    this.#part = first;
  }

  *push(chunk: Uint8Array): Generator<Pick<Piece, 'part' | 'bytes'>> {
    this.#reader.push(chunk);
    for (let bytes = this.#next(); bytes !== undefined; bytes = this.#next()) {
      const part = this.#part;
      this.#part = part === 'prelude' ? 0 : part + 1;
      yield { part, bytes: Buffer.from(bytes) };
    }
  }

  #next(): Uint8Array | undefined {
    if (this.#part === 'prelude') {
      return this.#reader.take(PRELUDE_LENGTH);
    }
    // A refusal of the server's has a length of zero, and its reason where the next length would be.
    const body = this.#reader.body(0, MAX_FRAME);
    return body && encodeFrame(body);
  }
}
