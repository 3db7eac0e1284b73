import { openIdentity } from '../../../profile/index.ts';
import { formatEndpoint } from '../../../protocol/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { columns } from '../../text/columns.ts';
import { fingerprint, hex } from '../../text/fingerprint.ts';
import { printable } from '../../text/printable.ts';
import { findAccount } from '../account.ts';
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
