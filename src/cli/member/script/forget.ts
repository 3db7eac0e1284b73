import { KnownServers } from '../../../profile/index.ts';
import { formatEndpoint, parseAddress } from '../../../protocol/index.ts';
import { UsageError } from '../../shell/arguments.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { printable } from '../../text/printable.ts';
import type { Run } from './command.ts';

export const run: Run = async ({ words, out }) => {
  const text = words[0] ?? '';
  const address = parseAddress(text);
  if (address === undefined) {
    throw new UsageError(`"${text}" is not the address of a server`, 'Write HOST or HOST:PORT.');
  }
  const hasPort = /:[0-9]+(?:#|$)/.test(text);
  const server = hasPort ? formatEndpoint(address.host, address.port) : address.host;
  const forgotten = await new KnownServers().remove(address.host, hasPort ? address.port : undefined);
  out.done({ server, forgotten }, () => [
    forgotten === 0
      ? `${printable(server)} was not known`
      : `${printable(server)} is forgotten: its key will be asked about again`,
  ]);
  return EXIT.done;
};
