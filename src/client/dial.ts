import {
  type Backend,
  connect,
  generateKeyPair,
  type KeyPair,
  type Link,
  LinkError,
  type Suite,
} from '../link/index.ts';
import { decodeAgent, encodeAgent } from '../protocol/index.ts';
import { VERSION } from '../system/version.ts';
import { WrongServerKeyError } from './errors.ts';

/** What this program says of itself in a handshake. */
export const DEFAULT_AGENT = `farthing/${VERSION}`;

/** Which server, and who we are there. */
export interface DialOptions {
  readonly host: string;
  readonly port: number;
  /** The key that the server must prove to hold (32 bytes). */
  readonly serverKey: Uint8Array;
  readonly identity: KeyPair;
  readonly suite: Suite;
  readonly backend: Backend;
  /** Our payload for the handshake. */
  readonly payload: Uint8Array;
}

/**
 * Connects to a server.
 * @throws WrongServerKeyError; LinkError as `connect` of the link throws it, and `bad_message`
 */
export async function dialServer(options: DialOptions, signal: AbortSignal | undefined): Promise<Link> {
  const { host, port, serverKey, identity, suite, backend, payload } = options;
  try {
    const link = await connect({
      host,
      port,
      purpose: 'server',
      staticKeys: identity,
      payload,
      suite,
      backend,
      expectedRemoteKey: serverKey,
      ...(signal === undefined ? {} : { signal }),
    });
    remoteAgent(link);
    return link;
  } catch (error) {
    const wrongKey = error instanceof LinkError && error.code === 'wrong_key';
    throw wrongKey ? new WrongServerKeyError(serverKey, error.remoteKey) : error;
  }
}

/**
 * What the other side says of its program.
 * @throws LinkError `bad_message`, and ends the link, where its payload says nothing of the kind
 */
export function remoteAgent(link: Link): string {
  try {
    return decodeAgent(link.remotePayload);
  } catch (cause) {
    const error = new LinkError('bad_message', { cause });
    link.destroy(error);
    throw error;
  }
}

/** How to ask a server for its key. */
export interface FetchOptions {
  /** Default: `XXhfs`, the one with ML-KEM-768. */
  readonly suite?: Suite | undefined;
  /** The crypto implementation. Default: what the runtime does best. */
  readonly backend?: Backend | undefined;
  /** Gives up asking. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a server for its static key (32 bytes), in a handshake under a throw-away key of our own: an unknown
 * server does not learn who asks. That the key is the right one only a person can say.
 * @throws LinkError
 * @example
 * ```ts
 * import { fetchServerKey } from 'farthing';
 *
 * const key = await fetchServerKey('127.0.0.1', server.port);
 * console.log(Buffer.compare(key, server.key)); // 0
 * ```
 */
export async function fetchServerKey(
  host: string,
  port: number,
  { suite = 'XXhfs', backend, signal }: FetchOptions = {},
): Promise<Uint8Array> {
  const link = await connect({
    host,
    port,
    purpose: 'server',
    staticKeys: generateKeyPair(backend),
    payload: encodeAgent(DEFAULT_AGENT),
    suite,
    ...(backend === undefined ? {} : { backend }),
    ...(signal === undefined ? {} : { signal }),
  });
  await link.close();
  return link.remoteKey;
}
