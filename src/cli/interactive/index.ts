import { formatEndpoint, type Wallet } from '../../client/index.ts';
import { type Account, findAccount, openWallet } from '../account.ts';
import type { ClientOptions } from '../client-options.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { leave } from '../leave.ts';
import { MAX_LINE_LENGTH } from '../limits.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import { projectVersion } from '../version.ts';
import { serverTextLines } from '../words.ts';
import { perform, showError } from './commands.ts';
import { showEvents } from './events.ts';
import { parseLine } from './line.ts';
import { MENU, promptText } from './menu.ts';
import { PastLines } from './past-lines.ts';
import { Screen } from './screen.ts';
import type { Session } from './session.ts';
import { chatLine, endChat } from './talk.ts';

export interface InteractiveContext {
  readonly options: ClientOptions;
  readonly out: Output;
  /** Says which server (HOST:PORT) is being spoken to, for the message of an error. */
  readonly at: (server: string) => void;
}

/** Talks with a person, or reads commands from a pipe, until they leave. @returns the exit status */
export async function runInteractive({ options, out, at }: InteractiveContext): Promise<ExitStatus> {
  const account = await findAccount(options);
  const endpoint = formatEndpoint(account.address.host, account.address.port);
  at(endpoint);
  const past = new PastLines();
  const names = new Set<string>();
  const ending = Promise.withResolvers<ExitStatus>();
  const screen = new Screen({
    past: past.newestFirst(),
    names: () => names,
    onInterrupt: () => ending.resolve(EXIT.interrupted),
  });
  try {
    const wallet = await Promise.race([open(account, options, screen), ending.promise]);
    if (typeof wallet === 'number') return wallet;
    const session: Session = {
      screen,
      wallet,
      options,
      paint: out.paint,
      names,
      account,
      chatWith: undefined,
      exitRefused: false,
      paying: false,
      deliveries: new Set(),
      end: ending.resolve,
    };
    process.stdout.once('error', () => ending.resolve(EXIT.unwritten));
    process.on('SIGINT', () => ending.resolve(EXIT.interrupted));
    process.on('SIGTERM', () => ending.resolve(EXIT.terminated));
    process.on('SIGHUP', () => ending.resolve(EXIT.terminated));
    welcome(session, endpoint);
    showEvents(session);
    const status = await Promise.race([converse(session, past), ending.promise]);
    if (status === EXIT.done) await Promise.all(session.deliveries);
    await sayGoodbye(session);
    return status;
  } finally {
    past.save();
    screen.close();
  }
}

function open(account: Account, options: ClientOptions, screen: Screen): Promise<Wallet> {
  const ask = async (question: string) => {
    const lines = question.split('\n');
    if (lines.length > 1) screen.print(...lines.slice(0, -1));
    const reading = await screen.read(lines.at(-1) ?? '');
    return typeof reading === 'string' ? undefined : reading.line;
  };
  return openWallet(account, options, {
    ask: screen.isTerminal && options.input ? ask : undefined,
    note: (line) => screen.print(line),
    reconnect: true,
  });
}

function welcome({ screen, wallet, account, paint, options }: Session, endpoint: string): void {
  if (!screen.isTerminal || options.quiet) return;
  const { name } = account.profile;
  screen.print(
    `Farthing ${projectVersion()}, connected to ${printable(endpoint)} ${paint.faint(`(${wallet.suite})`)}`,
    paint.strong(MENU),
    paint.faint(
      name === undefined
        ? 'New here? "register alice" takes a name. "help" explains.'
        : `"login ${printable(name)}" logs in. "help" explains.`,
    ),
  );
}

/** Line after line, until the person leaves. */
async function converse(session: Session, past: PastLines): Promise<ExitStatus> {
  const { screen, wallet, paint } = session;
  for (;;) {
    const { chatWith } = session;
    const reading = await screen.read(promptText(wallet.name, chatWith, paint));
    if (reading === 'ended') return EXIT.done;
    if (reading === 'interrupted') {
      if (chatWith === undefined) return EXIT.interrupted;
      endChat(session);
    } else if (reading.line.length > MAX_LINE_LENGTH) {
      screen.print(`This line is too long: at most ${MAX_LINE_LENGTH} characters`);
    } else if (chatWith !== undefined) {
      await chatLine(session, chatWith, reading.line).catch((error) => showError(session, error, 'say'));
    } else if (!(await performLine(session, past, reading.line))) {
      return EXIT.done;
    }
  }
}

/** @returns false when it is time to leave */
function performLine(session: Session, past: PastLines, typed: string): Promise<boolean> {
  const line = parseLine(typed);
  if (line.do !== 'nothing' && line.do !== 'say') past.add(typed.trim());
  return perform(session, line);
}

async function sayGoodbye(session: Session): Promise<void> {
  const { screen, wallet, paying } = session;
  wallet.removeAllListeners();
  if (paying) screen.print('A payment was under way: it may have been made, or not. The history will tell.');
  const word = await leave(wallet);
  screen.print(...serverTextLines(word ?? 'Bye!', screen.columns));
}
