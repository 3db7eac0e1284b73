import { duplexPair } from 'node:stream';
import type { FinishedHandshake } from './internals.ts';
import { FrameReader, Link } from './internals.ts';

/** What a link made of a stream. */
export interface Outcome {
  /** The bodies that it reported, as text. */
  readonly heard: readonly string[];
  /** The code of the error with which it ended; undefined for a clean end. */
  readonly code: string | undefined;
}

/** What a link over a memory pipe makes of a stream that is delivered in pieces and then ends. */
export async function listenTo(handshake: FinishedHandshake, pieces: Iterable<Uint8Array>): Promise<Outcome> {
  const [near, far] = duplexPair();
  const link = new Link(near, new FrameReader(), handshake, { host: '192.0.2.1', port: 1 });
  const heard: string[] = [];
  link.on('message', (body) => heard.push(Buffer.from(body).toString()));
  const ended = new Promise<string | undefined>((resolve) => {
    link.on('close', (error) => resolve(error?.code));
  });
  far.resume();
  for (const piece of pieces) {
    far.write(piece);
  }
  far.end();
  const code = await ended;
  return { heard, code };
}
