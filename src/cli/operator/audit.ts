import { existsSync } from 'node:fs';
import { startServer } from '../../server/index.ts';
import { UsageError } from '../arguments.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';

/** Checks the books in a folder while no server has them open. @throws UsageError, ServerError */
export async function audit(dataDir: string, out: Output): Promise<ExitStatus> {
  if (!existsSync(dataDir)) {
    throw new UsageError(`there are no books in ${dataDir}`, 'Example: farthing-server audit --data ./books');
  }
  const server = await startServer({ dataDir, host: '127.0.0.1', port: 0, workers: 1 });
  try {
    const { ok, accounts, transfers, circulation, problems } = await server.audit();
    out.data({ ok, accounts, transfers, circulationMinor: circulation, problems }, () => [
      `${accounts} accounts, ${transfers} transfers, ${circulation} minor units in circulation`,
      ...problems.map((problem) => out.paint.bad(printable(problem))),
      ok
        ? out.paint.gain('The books are in order: the sum of all balances is zero.')
        : out.paint.bad('The books are NOT in order.'),
    ]);
    return ok ? EXIT.done : EXIT.refused;
  } finally {
    await server.stop();
  }
}
