import { OutcomeUnknownError, RefusedError, type Wallet } from '../../../client/index.ts';
import { type ErrorName, formatAddress, OK } from '../../../protocol/index.ts';
import { EXIT, type ExitStatus } from '../../shell/exit-status.ts';
import { readName } from '../../shell/inputs.ts';
import { rememberAccount } from '../account.ts';
import { NotRememberedError } from '../failures/errors.ts';
import type { Run, ScriptContext } from './command.ts';
import { connected, idempotent } from './connected.ts';

export const run: Run = async (context) => {
  const name = readName(context.words[0] ?? '');
  try {
    return await register(context, name);
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) {
      throw error;
    }
    // It may have been done: asking again finds out, or says no more than that it is unknown.
    return await register(context, name).catch((again) => {
      throw isTaken(again) || again instanceof NotRememberedError ? again : error;
    });
  }
};

function register(context: ScriptContext, name: string): Promise<ExitStatus> {
  return connected(context, async ({ account, wallet }) => {
    await take(wallet, name);
    await rememberAccount(account, context.options, name, (line) => context.out.note(line));
    const server = formatAddress({ ...account.address, key: wallet.serverKey });
    context.out.done({ ...OK, name, server }, () => [OK.text]);
    return EXIT.done;
  });
}

/** Takes the name, which may be ours already: the answer may have been lost, or never been remembered. */
async function take(wallet: Wallet, name: string): Promise<void> {
  try {
    await wallet.register(name);
  } catch (taken) {
    if (!isTaken(taken)) {
      throw taken;
    }
    await idempotent(wallet.login(name)).catch((error) => {
      throw isRefused(error, 'AUTH_FAIL') ? taken : error;
    });
  }
}

function isTaken(error: unknown): boolean {
  return isRefused(error, 'NAME_TAKEN');
}

function isRefused(error: unknown, symbol: ErrorName): boolean {
  return error instanceof RefusedError && error.symbol === symbol;
}
