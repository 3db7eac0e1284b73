/**
 * A server in a process that may open few files: `node few-files.process.ts DATA_DIR`. Says in lines of JSON
 * where it listens and what it warns of.
 */
import { startServer } from '../../../src/server/index.ts';

const [, , dataDir = ''] = process.argv;
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const server = await startServer({ dataDir, host: '127.0.0.1', port: 0, workers: 2, grant: 10_000 });
server.on('event', (event) => tell(event));
process.once('SIGTERM', () => void server.stop());
tell({ event: 'listening', port: server.port, key: Buffer.from(server.key).toString('hex') });
