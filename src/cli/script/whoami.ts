import { formatEndpoint, loadIdentity } from '../../client/index.ts';
import { findAccount } from '../account.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../exit-status.ts';
import { fingerprint, hex } from '../fingerprint.ts';
import { printable } from '../printable.ts';
import type { Run } from './command.ts';

export const run: Run = async ({ options, out }) => {
  const account = await findAccount(options);
  const identity = await loadIdentity(account.folder);
  const name = account.profile.name ?? null;
  const server = formatEndpoint(account.address.host, account.address.port);
  const key = identity === undefined ? null : hex(identity.publicKey);
  out.data({ name, profile: options.profile, key, server }, () =>
    columns([
      ['name', name === null ? 'none yet: farthing register NAME' : printable(name)],
      ['profile', options.profile],
      ['key', identity === undefined ? 'none yet' : fingerprint(identity.publicKey)],
      ['server', printable(server)],
    ]),
  );
  return EXIT.done;
};
