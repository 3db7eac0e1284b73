import { formatEndpoint, type Wallet } from '../../client/index.ts';
import type { AccountView } from '../../protocol/index.ts';
import { type Account, accountName, findAccount, openWallet } from '../account.ts';
import { EXIT } from '../exit-status.ts';
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
  /** What to do when interrupted, instead of ending at once with status 130. */
  readonly onInterrupt?: () => void;
}

/** Connects, works, and takes leave of the server however the work ends. */
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
    async (session) => work({ ...session, view: await session.wallet.login(name, listen) }),
    options,
  );
}

async function withWallet<T>(
  context: ScriptContext,
  account: Account,
  work: (session: Connected) => Promise<T>,
  { reconnect = false, onInterrupt = () => process.exit(EXIT.interrupted) }: SessionOptions,
): Promise<T> {
  process.on('SIGINT', onInterrupt);
  context.at(formatEndpoint(account.address.host, account.address.port));
  const wallet = await openWallet(account, context.options, {
    ask: terminalQuestion(context.options.input),
    note: (line) => context.out.note(line),
    reconnect,
  });
  try {
    return await work({ account, wallet });
  } finally {
    await leave(wallet);
    process.off('SIGINT', onInterrupt);
  }
}
