import { printable } from '../../text/printable.ts';
import { carryOut, readSubject } from '../operation.ts';
import type { OperatorRun } from './command.ts';

/** Keeps an account from paying and from being paid. Its owner may still log in and look. */
export const freeze: OperatorRun = async (context) => {
  const { name, reason } = readSubject(context);
  return carryOut(context, name, () => ({
    operation: { kind: 'freeze', name, reason },
    done: () => [`${printable(name)} is frozen, and can neither pay nor be paid`],
  }));
};

/** Lifts that. */
export const unfreeze: OperatorRun = async (context) => {
  const { name, reason } = readSubject(context);
  return carryOut(context, name, () => ({
    operation: { kind: 'unfreeze', name, reason },
    done: () => [`${printable(name)} is no longer frozen`],
  }));
};
