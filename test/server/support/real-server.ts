import type { TestContext } from 'node:test';
import { type Server, type ServerOptions, startServer } from '../../../src/server/index.ts';
import { temporaryFolder } from '../../hub/support/town.ts';

/** A server of its own for a test, on a free port, stopped with it. */
export async function startFor(t: TestContext, options: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await startServer({
    dataDir: temporaryFolder(t),
    host: '127.0.0.1',
    port: 0,
    workers: 2,
    grant: 10_000,
    ...options,
  });
  t.after(() => server.stop());
  return server;
}
