import { connect, createServer } from 'node:net';
import type { Credentials, Transport } from '../connection.ts';
import { FramedConnection, listening } from './framed.ts';

const NOBODY = { secret: '', known: '' };

/** node:net with 2-byte frames and no protection at all: the floor. */
export const plain: Transport = {
  name: 'plain',
  detail: 'node:net, 2-byte frames, no encryption',
  credentials: async (): Promise<Credentials> => ({ server: NOBODY, client: NOBODY }),
  listen(_credentials, onConnection) {
    const server = createServer({ noDelay: true }, (socket) => onConnection(new FramedConnection(socket)));
    return listening(server);
  },
  connect(_credentials, port) {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new FramedConnection(socket)));
    });
  },
};
