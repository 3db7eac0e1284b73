import { connect as connectSocket } from 'node:net';
import { LinkError } from './errors.ts';
import { Handshake, type Outcome } from './handshake.ts';
import type { Link } from './link.ts';
import { InitiatorOpening, type InitiatorOptions } from './opening.ts';
import { remoteOf } from './source.ts';

/** Where and how to connect. */
export interface ConnectOptions extends InitiatorOptions {
  readonly host: string;
  readonly port: number;
  /** Gives the attempt up: LinkError `aborted`. */
  readonly signal?: AbortSignal;
  /** For connection and handshake together, in ms. */
  readonly timeoutMs?: number;
}

/**
 * Connects, does the handshake as its initiator, and resolves to the link.
 * Rejects with LinkError: `unreachable`, `refused_…`, `wrong_key`, `handshake_failed`, `handshake_timeout`,
 * `bad_frame`, `truncated`, `aborted`.
 */
export function connect(options: ConnectOptions): Promise<Link> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) {
      reject(new LinkError('aborted'));
      return;
    }
    const opening = new InitiatorOpening(options);
    const { host, port, signal } = options;
    const socket = connectSocket({ host, port, noDelay: true, allowHalfOpen: true });
    const abort = () => handshake.fail(new LinkError('aborted'));
    const done = (outcome: Outcome) => {
      signal?.removeEventListener('abort', abort);
      if ('link' in outcome) resolve(outcome.link);
      else reject(outcome.error);
    };
    const handshake = new Handshake(socket, () => remoteOf(socket), opening, done, {
      timeoutMs: options.timeoutMs,
      connected: false,
    });
    signal?.addEventListener('abort', abort);
    socket.once('connect', () => handshake.start());
  });
}
