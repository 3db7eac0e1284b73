import { Administration, type ServerStatus } from '../../../operator/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import type { Output } from '../../shell/output.ts';
import { columns } from '../../text/columns.ts';
import { fingerprint } from '../../text/fingerprint.ts';
import { balanceText, toDecimal } from '../../text/money.ts';
import { printable } from '../../text/printable.ts';
import type { OperatorRun } from './command.ts';

/** How the server is doing that uses a data folder. */
export const run: OperatorRun = async ({ dataDir, out }) => {
  const status = await new Administration(dataDir).status();
  const uptimeSeconds = Math.max(0, Math.floor((Date.now() - status.startedAt) / 1000));
  out.data(statusDocument(status, uptimeSeconds), () => statusLines(status, uptimeSeconds, out));
  return EXIT.done;
};

function statusDocument(status: ServerStatus, uptimeSeconds: number) {
  const { startedAt, online, circulation, currency } = status;
  return {
    version: status.version,
    pid: status.pid,
    startedAt: new Date(startedAt).toISOString(),
    uptimeSeconds,
    address: status.address,
    key: status.key,
    connections: status.connections,
    opening: status.opening,
    loggedIn: online,
    accounts: status.accounts,
    transfers: status.transfers,
    circulation: toDecimal(circulation, currency.scale),
    circulationMinor: circulation,
    currency,
    commits: status.commits,
    failedCommits: status.failedCommits,
    payments: status.payments,
    freeBytes: status.freeBytes,
    refusing: status.refusing,
  };
}

function statusLines(status: ServerStatus, uptimeSeconds: number, { paint }: Output): string[] {
  const { commits, failedCommits, freeBytes, refusing } = status;
  const failed = failedCommits === null || failedCommits === 0 ? '' : `, and ${failedCommits} that failed`;
  return [
    `Farthing server ${printable(status.version)}, up ${duration(uptimeSeconds)} (process ${status.pid})`,
    ...columns([
      ['  address', printable(status.address)],
      ['  key', fingerprint(Buffer.from(status.key, 'hex'))],
      ['  connections', `${known(status.connections)}, and ${known(status.opening)} being opened`],
      ['  logged in', known(status.online)],
      ['  accounts', String(status.accounts)],
      ['  transfers', String(status.transfers)],
      ['  circulation', balanceText(status.circulation, status.currency)],
      ['  since start', `${known(status.payments)} payments; ${known(commits)} commits${failed}`],
      ['  free on disk', freeBytes === null ? 'unknown' : `${(freeBytes / 2 ** 30).toFixed(1)} GiB`],
      refusing === null
        ? ['  payments', 'are taken']
        : ['  payments', { text: `are REFUSED: ${printable(refusing)}`, paint: paint.bad }],
    ]),
  ];
}

/** What a thread has counted that may be too busy to say. */
function known(count: number | null): string {
  return count === null ? 'unknown' : String(count);
}

/** `3 days 4:05:06`, `4:05:06` */
function duration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  const clock = `${Math.floor((seconds % 86_400) / 3_600)}:${two((seconds % 3_600) / 60)}:${two(seconds % 60)}`;
  return days === 0 ? clock : `${days} ${days === 1 ? 'day' : 'days'} ${clock}`;
}
