import { formatEndpoint, openIdentity } from '../../client/index.ts';
import { findAccount } from '../account.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../exit-status.ts';
import { fingerprint, hex } from '../fingerprint.ts';
import { printable } from '../printable.ts';
import type { Run } from './command.ts';

export const run: Run = async ({ options, out }) => {
  const account = await findAccount(options);
  // Made now where there is none yet: with it an operator can give somebody's name to a new device.
  const { publicKey } = await openIdentity(account.folder);
  const name = account.profile.name ?? null;
  const server = formatEndpoint(account.address.host, account.address.port);
  out.data({ name, profile: options.profile, key: hex(publicKey), server }, () =>
    columns([
      ['name', name === null ? 'none yet: farthing register NAME' : printable(name)],
      ['profile', options.profile],
      ['key', fingerprint(publicKey)],
      ['server', printable(server)],
    ]),
  );
  return EXIT.done;
};
