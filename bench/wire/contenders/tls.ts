import { connect, createServer, type SecureContextOptions, type TLSSocket } from 'node:tls';
import type { Connection, Identity, Transport } from '../connection.ts';
import { type CertificateKind, selfSigned } from './certificates.ts';
import { FramedConnection, listening } from './framed.ts';

interface Settings {
  readonly certificate: CertificateKind;
  readonly group: 'X25519' | 'X25519MLKEM768';
  readonly cipher: 'TLS_AES_256_GCM_SHA384' | 'TLS_CHACHA20_POLY1305_SHA256';
  readonly resumed: boolean;
}

/**
 * node:tls, TLS 1.3, both ends authenticated by self-signed certificates which the other end knows: what a
 * link of ours is, in the terms of TLS. AES-256-GCM is what OpenSSL chooses by itself, and the fastest where
 * the processor has AES.
 */
function tlsTransport(name: string, settings: Partial<Settings> = {}): Transport {
  const {
    certificate = 'P-256',
    group = 'X25519',
    cipher = 'TLS_AES_256_GCM_SHA384',
    resumed = false,
  } = settings;
  const common: SecureContextOptions & { readonly rejectUnauthorized: true } = {
    minVersion: 'TLSv1.3',
    ciphers: cipher,
    ecdhCurve: group,
    rejectUnauthorized: true,
  };
  /** The latest ticket of the server, for the next connection. */
  let session: Buffer | undefined;
  return {
    name,
    detail: `node:tls 1.3, mutual ${certificate}, ${group}, ${cipher}${resumed ? ', resumed' : ', no resumption'}`,
    credentials: async () => ({
      server: selfSigned(certificate, 'server'),
      client: selfSigned(certificate, 'client'),
    }),
    listen(credentials, onConnection) {
      const server = createServer(
        { ...common, ...knows(credentials.server, credentials.client), requestCert: true, noDelay: true },
        (socket) => onConnection(new FramedConnection(socket)),
      );
      return listening(server);
    },
    connect(credentials, port): Promise<Connection> {
      return new Promise((resolve, reject) => {
        const socket: TLSSocket = connect({
          ...common,
          ...knows(credentials.client, credentials.server),
          host: '127.0.0.1',
          port,
          servername: 'server',
          ...(session === undefined ? {} : { session }),
        });
        socket.setNoDelay(true);
        if (resumed) {
          socket.on('session', (ticket) => (session = ticket));
        }
        socket.once('error', reject);
        socket.once('secureConnect', () => resolve(new FramedConnection(socket)));
      });
    },
  };
}

function knows(own: Identity, other: Identity) {
  return { key: own.secret, cert: own.known, ca: [other.known] };
}

export const tls = tlsTransport('tls');
export const tlsEd25519 = tlsTransport('tls-ed25519', { certificate: 'Ed25519' });
export const tlsChaCha20 = tlsTransport('tls-chacha20', { cipher: 'TLS_CHACHA20_POLY1305_SHA256' });
export const tlsResumed = tlsTransport('tls-resumed', { resumed: true });
export const tlsMlKem = tlsTransport('tls-mlkem', { group: 'X25519MLKEM768' });
export const tlsMlKemResumed = tlsTransport('tls-mlkem-resumed', { group: 'X25519MLKEM768', resumed: true });
