/**
 * A real server as a process of its own: `node server.process.ts DATA_DIR`. Says where it listens in one line
 * of JSON, then runs until SIGTERM stops it or SIGKILL ends it.
 */
import { startServer } from '../../../src/server/index.ts';

const [, , dataDir = ''] = process.argv;
const server = await startServer({
  dataDir,
  host: '127.0.0.1',
  port: 0,
  workers: 2,
  grant: 1_000_000,
  noRates: true,
});
process.once('SIGTERM', () => void server.stop());
process.stdout.write(
  `${JSON.stringify({ port: server.port, key: Buffer.from(server.key).toString('hex') })}\n`,
);
