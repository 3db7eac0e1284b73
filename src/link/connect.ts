import { connect as connectSocket } from 'node:net';
import { LinkError } from './errors.ts';
import { Handshake, type HandshakeResult } from './handshake/handshake.ts';
import { InitiatorOpening, type InitiatorOptions } from './handshake/opening.ts';
import type { Link } from './link.ts';
import { remoteOf } from './remote.ts';

/** Where and how to connect. */
export interface ConnectOptions extends InitiatorOptions {
  /** A name or an address. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Gives the attempt up: LinkError `aborted`. Without effect on the link once there is one. */
  readonly signal?: AbortSignal;
  /** For connection and handshake together, in ms. Default: `HANDSHAKE_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
}

/**
 * Connects, does the handshake as its initiator, and resolves to the link.
 * @throws LinkError `unreachable`, `refused_…`, `wrong_key`, `handshake_failed`, `handshake_timeout`,
 *   `bad_prelude`, `bad_frame`, `truncated`, `aborted`; RangeError for a payload that is too long
 * @example
 * ```ts
 * import { connect, generateKeyPair } from 'farthing/link';
 *
 * const link = await connect({
 *   host: '127.0.0.1',
 *   port: listener.port,
 *   staticKeys: generateKeyPair(),
 *   expectedRemoteKey: listenerKey, // nobody else can be at the other end
 * });
 * console.log(link.suite); // XXhfs
 * await link.close();
 * ```
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
    const done = (result: HandshakeResult) => {
      signal?.removeEventListener('abort', abort);
      if ('link' in result) {
        resolve(result.link);
      } else {
        reject(result.error);
      }
    };
    const handshake = new Handshake(socket, () => remoteOf(socket), opening, done, {
      timeoutMs: options.timeoutMs,
      connected: false,
    });
    signal?.addEventListener('abort', abort);
    socket.once('connect', () => handshake.start());
  });
}
