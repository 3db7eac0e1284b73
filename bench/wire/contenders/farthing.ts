import {
  type BackendName,
  chooseBackend,
  connect,
  generateKeyPair,
  keyPairFromSecret,
  type Link,
  listen,
  MAX_MESSAGE,
  type Suite,
} from '../../../src/link/index.ts';
import type { Connection, Identity, Transport } from '../connection.ts';

/** Bytes in front of each message: a link leaves it to its user where a message ends. */
const HEADER = 2;

/** A message is written here with its length; the link copies what it is given. */
const FRAMED = new Uint8Array(MAX_MESSAGE);

/** This project's link, of the given suite and crypto backend, as any program would use it. */
function farthingTransport(name: string, suite: Suite, backendName: BackendName): Transport {
  const backend = () => chooseBackend(backendName);
  return {
    name,
    detail: `${suite === 'XX' ? 'X25519' : 'X25519 + ML-KEM-768'}, ${backend().description}`,
    credentials: async () => ({ server: newKeys(), client: newKeys() }),
    async listen(credentials, onConnection) {
      const staticKeys = keyPairFromSecret(Buffer.from(credentials.server.secret, 'hex'));
      const listener = await listen({ host: '127.0.0.1', port: 0, staticKeys, backend: backend() });
      listener.on('link', (link) => onConnection(new LinkConnection(link)));
      return listener.port;
    },
    async connect(credentials, port) {
      const link = await connect({
        host: '127.0.0.1',
        port,
        staticKeys: keyPairFromSecret(Buffer.from(credentials.client.secret, 'hex')),
        expectedRemoteKey: Buffer.from(credentials.server.known, 'hex'),
        suite,
        backend: backend(),
      });
      return new LinkConnection(link);
    },
  };
}

class LinkConnection implements Connection {
  onMessage: (message: Uint8Array) => void = () => {};
  onClose: () => void = () => {};
  onDrain: () => void = () => {};
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
    link.on('message', (body) => this.#split(body));
    link.on('drain', () => this.onDrain());
    link.on('close', () => this.onClose());
  }

  send(message: Uint8Array): boolean {
    FRAMED[0] = message.length >>> 8;
    FRAMED[1] = message.length & 0xff;
    FRAMED.set(message, HEADER);
    return this.#link.send(FRAMED.subarray(0, HEADER + message.length));
  }

  close(): void {
    void this.#link.close();
  }

  #split(body: Uint8Array): void {
    for (let at = 0; at < body.length; ) {
      const end = at + HEADER + (((body[at] ?? 0) << 8) | (body[at + 1] ?? 0));
      this.onMessage(body.subarray(at + HEADER, end));
      at = end;
    }
  }
}

function newKeys(): Identity {
  const { secretKey, publicKey } = generateKeyPair();
  return { secret: Buffer.from(secretKey).toString('hex'), known: Buffer.from(publicKey).toString('hex') };
}

export const farthing = farthingTransport('farthing', 'XX', 'native');
export const farthingNoble = farthingTransport('farthing-noble', 'XX', 'noble');
export const farthingPq = farthingTransport('farthing', 'XXhfs', 'native');
export const farthingPqNoble = farthingTransport('farthing-noble', 'XXhfs', 'noble');
