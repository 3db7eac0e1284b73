import { readHex, UsageError } from '../../shell/arguments.ts';
import { fingerprint } from '../../text/fingerprint.ts';
import { printable, quoted } from '../../text/printable.ts';
import { carryOut, readSubject } from '../operation.ts';
import type { OperatorRun } from './command.ts';

const KEY_BYTES = 32;

/** Gives a name to another key, when the device with the old one is lost. */
export const run: OperatorRun = async (context) => {
  const { name, reason } = readSubject(context);
  const key = readHex(context.values.key ?? '', '--key', KEY_BYTES);
  if (key.every((byte) => byte === 0)) {
    throw new UsageError('--key is not the key of anybody');
  }
  return carryOut(context, name, (account) => ({
    operation: { kind: 'rekey', name, key, reason },
    question: [
      `Until now it belongs to  ${fingerprint(Buffer.from(account.key, 'hex'))}`,
      `and from now on to       ${fingerprint(key)}`,
      `Give ${printable(name)} to the new key, for ${quoted(reason)}?`,
    ].join('\n'),
    done: () => [
      `${printable(name)} belongs to the key ${fingerprint(key)}`,
      `On the device that has it: farthing HOST, then "login ${printable(name)}"`,
    ],
  }));
};
