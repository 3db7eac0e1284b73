/** What each command does at the prompt. */
import { RefusedError } from '../../../client/index.ts';
import { openIdentity } from '../../../profile/index.ts';
import { type AccountView, MAX_HISTORY, MAX_PORT, OK } from '../../../protocol/index.ts';
import { readInteger } from '../../shell/arguments.ts';
import { readName } from '../../shell/inputs.ts';
import { DEFAULT_HISTORY } from '../../shell/limits.ts';
import { columns } from '../../text/columns.ts';
import { fingerprint } from '../../text/fingerprint.ts';
import { printable } from '../../text/printable.ts';
import {
  befriendLine,
  friendLines,
  historyLines,
  refusalLine,
  serverTextLines,
  unfriendLine,
  viewLines,
} from '../../text/words.ts';
import { rememberAccount } from '../account.ts';
import { explain } from '../explain.ts';
import type { Line } from './line.ts';
import { helpLines } from './menu.ts';
import { pay } from './pay.ts';
import { askFor, isLoggedIn, isLoggedOut, type Session } from './session.ts';
import { say, startChat } from './talk.ts';

type Asked<D extends Line['do']> = Extract<Line, { readonly do: D }>;

/** Does what a line asks for. Whatever goes wrong is shown. @returns false when it is time to leave */
export async function perform(session: Session, line: Line): Promise<boolean> {
  const exitRefused = session.exitRefused;
  session.exitRefused = false;
  try {
    if (line.do === 'exit') return !exitRefused && (await stays(session));
    await performCommand(session, line);
  } catch (error) {
    showError(session, error, line.do);
  }
  return true;
}

async function performCommand(session: Session, line: Exclude<Line, { do: 'exit' }>): Promise<void> {
  switch (line.do) {
    case 'nothing':
      return;
    case 'mistake':
      return session.screen.print(`please type the right option number! (${printable(line.advice)})`);
    case 'help':
      return session.screen.print(...helpLines(session.paint));
    case 'whoami':
      return whoami(session);
    case 'register':
      return register(session, line);
    case 'login':
      return login(session, line);
    case 'list':
      return showView(session, await session.wallet.list());
    case 'pay':
      return pay(session, line);
    case 'history':
      return history(session, line);
    case 'friends':
      return friends(session);
    case 'befriend':
    case 'unfriend':
      return befriend(session, line);
    case 'chat':
      return startChat(session, line.name);
    case 'say':
      return say(session, line.to, line.text);
  }
}

/** Exit as the server sees it: only who is logged in can take leave. */
async function stays(session: Session): Promise<boolean> {
  if (session.wallet.name !== undefined || !session.wallet.connected) return false;
  try {
    await session.wallet.exit();
    return false;
  } catch (error) {
    if (!(error instanceof RefusedError)) return false;
    session.exitRefused = true;
    const why = `${refusalLine(error, 'exit')} (exit again leaves)`;
    session.screen.print(...serverTextLines(why, session.screen.columns));
    return true;
  }
}

async function register(session: Session, line: Asked<'register'>): Promise<void> {
  if (line.name === undefined && !isLoggedOut(session)) return;
  const typed = line.name ?? (await askFor(session, 'Name'));
  if (typed === undefined) return;
  const name = readName(typed);
  await session.wallet.register(name);
  session.screen.print(OK.text);
  await remember(session, name);
}

async function login(session: Session, line: Asked<'login'>): Promise<void> {
  if (line.name === undefined && !isLoggedOut(session)) return;
  const typed = line.name ?? (await askFor(session, 'Name', session.account.profile.name));
  if (typed === undefined) return;
  const name = readName(typed);
  // Only who is asked for the name is asked for the port; "login alice" leaves it to the system.
  const port = line.port ?? (line.name === undefined ? await askFor(session, 'Port', '0') : '0');
  if (port === undefined) return;
  const view = await session.wallet.login(name, {
    listen: { port: readInteger(port, 'the port', 0, MAX_PORT) },
  });
  showView(session, view);
  await remember(session, name);
}

async function remember(session: Session, name: string): Promise<void> {
  const { account, options, screen } = session;
  session.account = await rememberAccount(account, options, name, (line) => screen.print(line));
}

function showView(session: Session, view: AccountView): void {
  session.names.replace(view.online);
  session.screen.print(...viewLines(view, session.paint));
}

async function history(session: Session, line: Asked<'history'>): Promise<void> {
  const limit =
    line.limit === undefined ? DEFAULT_HISTORY : readInteger(line.limit, 'the number', 1, MAX_HISTORY);
  const transfers = await session.wallet.history({ limit });
  const { name, currency } = session.wallet;
  if (name === undefined || currency === undefined) return;
  session.screen.print(
    ...(transfers.length === 0
      ? ['Nothing was paid yet']
      : historyLines(transfers, name, currency, session.screen.columns, session.paint)),
  );
}

async function friends(session: Session): Promise<void> {
  const list = await session.wallet.friends();
  session.screen.print(
    ...(list.length === 0 ? ['No friends yet: befriend NAME asks'] : friendLines(list, session.paint)),
  );
}

async function befriend(session: Session, line: Asked<'befriend' | 'unfriend'>): Promise<void> {
  if (!isLoggedIn(session)) return;
  const typed = line.name ?? (await askFor(session, 'Name'));
  if (typed === undefined) return;
  const name = readName(typed);
  if (line.do === 'befriend') {
    session.screen.print(befriendLine(name, await session.wallet.befriend(name), session.paint));
  } else {
    await session.wallet.unfriend(name);
    session.screen.print(unfriendLine(name, session.paint));
  }
}

async function whoami({ screen, wallet, account, options }: Session): Promise<void> {
  const { publicKey } = await openIdentity(account.folder);
  screen.print(
    ...columns([
      ['name', wallet.name ?? 'not logged in'],
      ['profile', options.profile],
      ['key', fingerprint(publicKey)],
      ['direct links', wallet.peerPort === undefined ? 'none taken' : `port ${wallet.peerPort}`],
      ['server', printable(`${account.address.host} port ${account.address.port}`)],
      ['server key', fingerprint(wallet.serverKey)],
      ['suite', wallet.suite],
      ['cryptography', wallet.backend],
    ]),
  );
}

/** Shows what went wrong while doing something. */
export function showError({ screen, paint }: Session, error: unknown, doing: Line['do']): void {
  if (error instanceof RefusedError) {
    screen.print(...serverTextLines(refusalLine(error, doing), screen.columns).map(paint.bad));
  } else {
    const { text, advice } = explain(error);
    screen.print(paint.bad(printable(text)), ...advice.map(printable));
  }
}
