import type { Holdings } from '../../hub/index.ts';
import type { ServerStatus } from '../../operator/index.ts';
import { freeBytes } from '../hub-thread/disk-space.ts';
import type { Readings } from '../metrics/readings.ts';

/** How much is free in the folder of the books, and how the server is doing. */
export function serverStatus(
  about: Pick<ServerStatus, 'version' | 'startedAt' | 'address' | 'key' | 'workers'> & {
    readonly dataDir: string;
  },
  { hub, gateways }: Readings,
  holdings: Holdings,
): ServerStatus {
  const { dataDir, ...known } = about;
  const { currency, accounts, transfers, circulation, mayGrow } = holdings;
  return {
    ...known,
    pid: process.pid,
    connections: sum(gateways.map((gateway) => gateway?.links)),
    opening: sum(gateways.map((gateway) => gateway?.opening)),
    online: hub?.online ?? null,
    accounts,
    transfers,
    circulation,
    currency,
    commits: hub === undefined ? null : sum(hub.commitTransfers.counts),
    failedCommits: hub?.failedCommits ?? null,
    payments: hub?.payments ?? null,
    freeBytes: freeBytes(dataDir),
    refusing: mayGrow ? null : 'the disk of the books is as good as full, or could not be written',
  };
}

/** Null where one of them is not known. */
function sum(numbers: readonly (number | undefined)[]): number | null {
  return numbers.reduce<number | null>(
    (total, number) => (total === null || number === undefined ? null : total + number),
    0,
  );
}
