import { formatEndpoint, type Wallet } from '../../client/index.ts';
import type { AccountView } from '../../protocol/index.ts';
import { type Account, accountName, findAccount, openWallet } from '../account.ts';
import { InterruptedError } from '../account-errors.ts';
import { ENDING_SIGNALS, type EndingSignal, type ExitStatus, SIGNAL_STATUS } from '../exit-status.ts';
import { whyClosed } from '../explain.ts';
import { leave } from '../leave.ts';
import { terminalQuestion } from '../question.ts';
import type { ScriptContext } from './command.ts';

/** An open wallet and whose it is. */
export interface Connected {
  readonly account: Account;
  readonly wallet: Wallet;
}

/** A wallet that is logged in. */
export interface LoggedIn extends Connected {
  readonly view: AccountView;
}

export interface SessionOptions {
  /** The port at which to take links from peers; without it none are taken. */
  readonly listenPort?: number;
  /** Come back by itself when the link breaks. */
  readonly reconnect?: boolean;
  /** Called before the login, so that nothing is missed that comes with its answer. */
  readonly watch?: (wallet: Wallet) => void;
  /** What to do when a signal asks for the end, instead of ending at once with the status for it. */
  readonly onSignal?: (status: ExitStatus) => void;
}

/**
 * Connects, works, and takes leave of the server however the work ends, unless it is interrupted. Once it has ended, a signal
 * only makes the leave-taking shorter.
 */
export async function connected<T>(
  context: ScriptContext,
  work: (session: Connected) => Promise<T>,
  options: SessionOptions = {},
): Promise<T> {
  const account = await findAccount(context.options);
  return withWallet(context, account, work, options);
}

/** {@link connected}, and logged in as the account of the profile. */
export async function loggedIn<T>(
  context: ScriptContext,
  work: (session: LoggedIn) => Promise<T>,
  options: SessionOptions = {},
): Promise<T> {
  const account = await findAccount(context.options);
  const name = accountName(account, context.options);
  const listen = options.listenPort === undefined ? {} : { listen: { port: options.listenPort } };
  return withWallet(
    context,
    account,
    async (session) => {
      options.watch?.(session.wallet);
      return work({ ...session, view: await looking(session.wallet.login(name, listen)) });
    },
    options,
  );
}

/** The answer to something that changes nothing: without it, no outcome is unknown. */
export async function looking<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw whyClosed(error);
  }
}

async function withWallet<T>(
  context: ScriptContext,
  account: Account,
  work: (session: Connected) => Promise<T>,
  { reconnect = false, onSignal = (status) => process.exit(status) }: SessionOptions,
): Promise<T> {
  const stopListening = onEndingSignal(onSignal);
  context.at(formatEndpoint(account.address.host, account.address.port));
  const wallet = await openWallet(account, context.options, {
    ask: terminalQuestion(context.options.input),
    note: (line) => context.out.note(line),
    reconnect,
  });
  let isInterrupted = false;
  try {
    return await work({ account, wallet });
  } catch (error) {
    isInterrupted = error instanceof InterruptedError;
    throw error;
  } finally {
    const left = isInterrupted ? undefined : leave(wallet);
    stopListening();
    await left;
  }
}

/** Calls back whenever a signal asks for the end, with the status for it. @returns what stops that */
function onEndingSignal(asked: (status: ExitStatus) => void): () => void {
  const listener = (signal: NodeJS.Signals) => asked(SIGNAL_STATUS[signal as EndingSignal]);
  for (const signal of ENDING_SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of ENDING_SIGNALS) process.off(signal, listener);
  };
}
