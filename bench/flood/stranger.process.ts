/**
 * Strangers who flood a server, in a process of their own: `node stranger.process.ts KIND PORT AT_ONCE`. Runs
 * until its parent is gone; says how often it has done what it does when it is asked. Every connection comes
 * from an address of its own (127.0.0.0/8 is all this machine on Linux), so that no bound per address helps
 * the server.
 */
import { connect, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import { generateKeyPair } from '../../src/link/index.ts';
import { encodeAgent } from '../../src/protocol/index.ts';
import { FrameReader, InitiatorOpening } from '../../test/link/support/internals.ts';

export type Kind = 'handshake' | 'replay' | 'silent';

/** What it has done so far. */
export interface Flooded {
  /**
   * Connections that got what they wanted: a handshake, an answer to message 1, a byte of nothing for long.
   */
  readonly done: number;
  /** Connections that were refused or cut. */
  readonly refused: number;
}

/** Milliseconds that a silent connection and one that was refused wait before the next. */
const PAUSE_MS = 100;

const [, , kind = '', port = '', atOnce = ''] = process.argv;
const own = { purpose: 'server', staticKeys: generateKeyPair(), payload: encodeAgent('stranger/1') } as const;
let done = 0;
let refused = 0;

function dial(): Socket {
  const byte = () => 1 + Math.floor(Math.random() * 250);
  const localAddress = `127.${byte()}.${byte()}.${byte()}`;
  const socket = connect({ host: '127.0.0.1', port: Number(port), localAddress, noDelay: true });
  socket.on('error', () => {});
  return socket;
}

/** The prelude and message 1 of a handshake. */
function firstFlight(opening: InitiatorOpening): Uint8Array {
  const pieces: Uint8Array[] = [];
  opening.advance(new FrameReader(), (bytes) => pieces.push(bytes));
  return Buffer.concat(pieces);
}

const recorded = firstFlight(new InitiatorOpening(own));

/** One connection; resolves to whether it got what it wanted. */
const KINDS: Record<Kind, (socket: Socket) => Promise<boolean>> = {
  /** A whole handshake with a key that nobody knows. */
  handshake: (socket) =>
    new Promise((resolve) => {
      const opening = new InitiatorOpening(own);
      const reader = new FrameReader();
      socket.on('connect', () => socket.write(firstFlight(opening)));
      socket.on('close', () => resolve(false));
      socket.on('data', (chunk: Uint8Array) => {
        reader.push(chunk);
        try {
          const progress = opening.advance(reader, (bytes) => socket.write(bytes));
          if (progress.state === 'finished') {
            resolve(true);
          }
        } catch {
          resolve(false);
        }
      });
    }),
  /** The same message 1 again and again: all the work is the server's. */
  replay: (socket) =>
    new Promise((resolve) => {
      socket.on('connect', () => socket.write(recorded));
      socket.on('close', () => resolve(false));
      socket.on('data', (chunk) => resolve(chunk.length > 3));
    }),
  /** Connects and says nothing. */
  silent: (socket) =>
    new Promise((resolve) => {
      let connected = false;
      socket.on('connect', () => {
        connected = true;
      });
      socket.on('close', () => setTimeout(() => resolve(connected), PAUSE_MS));
      socket.resume();
    }),
};

async function flood(act: (socket: Socket) => Promise<boolean>): Promise<never> {
  for (;;) {
    const socket = dial();
    const good = await act(socket);
    socket.destroy();
    if (good) {
      done += 1;
    } else {
      refused += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

// The processors of a real flood are elsewhere: whatever the server wants to have, it has first.
setPriority(19);
process.on('message', () => process.send?.({ done, refused } satisfies Flooded));
process.on('disconnect', () => process.exit());
for (let count = 0; count < Number(atOnce); count++) {
  void flood(KINDS[kind as Kind]);
}
