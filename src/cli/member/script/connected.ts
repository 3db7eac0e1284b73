import { OutcomeUnknownError, RefusedError, type Wallet } from '../../../client/index.ts';
import type { AccountView } from '../../../protocol/index.ts';
import { formatEndpoint } from '../../../protocol/index.ts';
import {
  ENDING_SIGNALS,
  type EndingSignal,
  type ExitStatus,
  SIGNAL_STATUS,
} from '../../shell/exit-status.ts';
import { terminalQuestion } from '../../shell/question.ts';
import { type Account, accountName, findAccount, openWallet } from '../account.ts';
import { InterruptedError } from '../failures/errors.ts';
import { whyClosed } from '../failures/why-closed.ts';
import { leave } from '../leave.ts';
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

/** How a command uses its wallet. */
export interface ConnectedOptions {
  /** The account to log in as; without it the one of the profile. */
  readonly as?: string | undefined;
  /** The id (16 bytes) of an order that may have been given before: of it a login that fails says nothing. */
  readonly order?: Uint8Array | undefined;
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
 * Connects, works, and logs out however the work ends, unless it is interrupted. Once it has ended, a signal
 * only makes logging out shorter.
 * @throws what `findAccount`, `openWallet` and the work throw
 */
export async function connected<T>(
  context: ScriptContext,
  work: (connected: Connected) => Promise<T>,
  options: ConnectedOptions = {},
): Promise<T> {
  const account = await findAccount(context.options);
  return withWallet(context, account, work, options);
}

/**
 * {@link connected}, and logged in.
 * @throws as it does, NotAuthenticatedError, and what `Wallet.login` throws
 */
export async function loggedIn<T>(
  context: ScriptContext,
  work: (loggedIn: LoggedIn) => Promise<T>,
  options: ConnectedOptions = {},
): Promise<T> {
  if (options.order !== undefined) {
    context.mayBeGiven(options.order);
  }
  const account = await findAccount(context.options);
  const name = options.as ?? accountName(account, context.options);
  context.as(name);
  const listen = options.listenPort === undefined ? {} : { listen: { port: options.listenPort } };
  return withWallet(
    context,
    account,
    async (connected) => {
      options.watch?.(connected.wallet);
      const view = await idempotent(connected.wallet.login(name, listen)).catch((error) => {
        throw options.order === undefined ? error : outcomeOf(options.order, error);
      });
      return work({ ...connected, view });
    },
    options,
  );
}

/**
 * Of a login that was refused for another reason than who we are: what became of the order is still not
 * known.
 */
function outcomeOf(order: Uint8Array, error: unknown): unknown {
  if (!(error instanceof RefusedError) || error.symbol === 'AUTH_FAIL') {
    return error;
  }
  return new OutcomeUnknownError({ cause: error, id: order });
}

/**
 * The answer to a request that may simply be asked again: when it does not come, no outcome is unknown.
 * @throws what broke the link, instead of OutcomeUnknownError
 */
export async function idempotent<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw whyClosed(error);
  }
}

async function withWallet<T>(
  context: ScriptContext,
  account: Account,
  work: (connected: Connected) => Promise<T>,
  { reconnect = false, onSignal = (status) => process.exit(status) }: ConnectedOptions,
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
  for (const signal of ENDING_SIGNALS) {
    process.on(signal, listener);
  }
  return () => {
    for (const signal of ENDING_SIGNALS) {
      process.off(signal, listener);
    }
  };
}
