/** What each command does at the prompt. */
import { RefusedError } from '../../../client/index.ts';
import { openIdentity } from '../../../profile/index.ts';
import { type AccountView, MAX_HISTORY, MAX_PORT, OK } from '../../../protocol/index.ts';
import { DEFAULT_HISTORY } from '../../limits.ts';
import { readInteger } from '../../shell/arguments.ts';
import { readName } from '../../shell/inputs.ts';
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
import { explain } from '../failures/explain.ts';
import { say, startChat } from './chat.ts';
import type { Line } from './line.ts';
import { helpLines } from './menu.ts';
import { pay } from './pay.ts';
import { askFor, isLoggedIn, isLoggedOut, type Prompt } from './prompt.ts';

type Asked<D extends Line['do']> = Extract<Line, { readonly do: D }>;

/** Does what a line asks for. Whatever goes wrong is shown. @returns false when it is time to leave */
export async function perform(prompt: Prompt, line: Line): Promise<boolean> {
  const exitRefused = prompt.exitRefused;
  prompt.exitRefused = false;
  try {
    if (line.do === 'exit') {
      return !exitRefused && (await stays(prompt));
    }
    await performCommand(prompt, line);
  } catch (error) {
    showError(prompt, error, line.do);
  }
  return true;
}

async function performCommand(prompt: Prompt, line: Exclude<Line, { do: 'exit' }>): Promise<void> {
  switch (line.do) {
    case 'nothing':
      return;
    case 'mistake':
      return prompt.screen.print(`please type the right option number! (${printable(line.advice)})`);
    case 'help':
      return prompt.screen.print(...helpLines(prompt.paint));
    case 'whoami':
      return whoami(prompt);
    case 'register':
      return register(prompt, line);
    case 'login':
      return login(prompt, line);
    case 'list':
      return showView(prompt, await prompt.wallet.list());
    case 'pay':
      return pay(prompt, line);
    case 'history':
      return history(prompt, line);
    case 'friends':
      return friends(prompt);
    case 'befriend':
    case 'unfriend':
      return befriend(prompt, line);
    case 'chat':
      return startChat(prompt, line.name);
    case 'say':
      return say(prompt, line.to, line.text);
  }
}

/** `exit`: the server refuses it to whoever is not logged in. @returns true when the prompt goes on */
async function stays(prompt: Prompt): Promise<boolean> {
  if (prompt.wallet.name !== undefined || !prompt.wallet.connected) {
    return false;
  }
  try {
    await prompt.wallet.exit();
    return false;
  } catch (error) {
    if (!(error instanceof RefusedError)) {
      return false;
    }
    prompt.exitRefused = true;
    const why = `${refusalLine(error, 'exit')} (exit again leaves)`;
    prompt.screen.print(...serverTextLines(why, prompt.screen.columns));
    return true;
  }
}

async function register(prompt: Prompt, line: Asked<'register'>): Promise<void> {
  if (line.name === undefined && !isLoggedOut(prompt)) {
    return;
  }
  const typed = line.name ?? (await askFor(prompt, 'Name'));
  if (typed === undefined) {
    return;
  }
  const name = readName(typed);
  await prompt.wallet.register(name);
  prompt.screen.print(OK.text);
  await remember(prompt, name);
}

async function login(prompt: Prompt, line: Asked<'login'>): Promise<void> {
  if (line.name === undefined && !isLoggedOut(prompt)) {
    return;
  }
  const typed = line.name ?? (await askFor(prompt, 'Name', prompt.account.profile.name));
  if (typed === undefined) {
    return;
  }
  const name = readName(typed);
  // Only who is asked for the name is asked for the port; "login alice" leaves it to the system.
  const port = line.port ?? (line.name === undefined ? await askFor(prompt, 'Port', '0') : '0');
  if (port === undefined) {
    return;
  }
  const view = await prompt.wallet.login(name, {
    listen: { port: readInteger(port, 'the port', 0, MAX_PORT) },
  });
  showView(prompt, view);
  await remember(prompt, name);
}

async function remember(prompt: Prompt, name: string): Promise<void> {
  const { account, options, screen } = prompt;
  prompt.account = await rememberAccount(account, options, name, (line) => screen.print(line));
}

function showView(prompt: Prompt, view: AccountView): void {
  prompt.names.replace(view.online);
  prompt.screen.print(...viewLines(view, prompt.paint));
}

async function history(prompt: Prompt, line: Asked<'history'>): Promise<void> {
  const limit =
    line.limit === undefined ? DEFAULT_HISTORY : readInteger(line.limit, 'the number', 1, MAX_HISTORY);
  const transfers = await prompt.wallet.history({ limit });
  const { name, currency } = prompt.wallet;
  if (name === undefined || currency === undefined) {
    return;
  }
  prompt.screen.print(
    ...(transfers.length === 0
      ? ['Nothing was paid yet']
      : historyLines(transfers, name, currency, prompt.screen.columns, prompt.paint)),
  );
}

async function friends(prompt: Prompt): Promise<void> {
  const list = await prompt.wallet.friends();
  prompt.screen.print(
    ...(list.length === 0 ? ['No friends yet: befriend NAME asks'] : friendLines(list, prompt.paint)),
  );
}

async function befriend(prompt: Prompt, line: Asked<'befriend' | 'unfriend'>): Promise<void> {
  if (!isLoggedIn(prompt)) {
    return;
  }
  const typed = line.name ?? (await askFor(prompt, 'Name'));
  if (typed === undefined) {
    return;
  }
  const name = readName(typed);
  if (line.do === 'befriend') {
    prompt.screen.print(befriendLine(name, await prompt.wallet.befriend(name), prompt.paint));
  } else {
    await prompt.wallet.unfriend(name);
    prompt.screen.print(unfriendLine(name, prompt.paint));
  }
}

async function whoami({ screen, wallet, account, options }: Prompt): Promise<void> {
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
export function showError({ screen, paint }: Prompt, error: unknown, doing: Line['do']): void {
  if (error instanceof RefusedError) {
    screen.print(...serverTextLines(refusalLine(error, doing), screen.columns).map(paint.bad));
  } else {
    const { text, advice } = explain(error);
    screen.print(paint.bad(printable(text)), ...advice.map(printable));
  }
}
