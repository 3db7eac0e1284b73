import type { Wallet } from '../../../client/index.ts';
import { formatEndpoint } from '../../../protocol/index.ts';
import { VERSION } from '../../../system/version.ts';
import { ENDING_SIGNALS, EXIT, type ExitStatus, SIGNAL_STATUS } from '../../shell/exit-status.ts';
import { MAX_LINE_LENGTH } from '../../shell/limits.ts';
import type { Output } from '../../shell/output.ts';
import { printable } from '../../text/printable.ts';
import { serverTextLines } from '../../text/words.ts';
import { type Account, findAccount, openWallet } from '../account.ts';
import { leave } from '../leave.ts';
import type { ClientOptions } from '../options.ts';
import { perform, showError } from './commands.ts';
import { showEvents } from './events.ts';
import { parseLine } from './line.ts';
import { MENU, promptText } from './menu.ts';
import { Names } from './names.ts';
import { tellUnknown } from './order.ts';
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
  const names = new Names();
  const ending = Promise.withResolvers<ExitStatus>();
  const screen = new Screen({
    out,
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
      order: undefined,
      deliveries: new Set(),
      end: ending.resolve,
    };
    process.stdout.once('error', () => ending.resolve(EXIT.unwritten));
    for (const signal of ENDING_SIGNALS) process.on(signal, () => ending.resolve(SIGNAL_STATUS[signal]));
    welcome(session, endpoint);
    showEvents(session);
    const status = await Promise.race([converse(session, past), ending.promise]);
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
    `Farthing ${VERSION}, connected to ${printable(endpoint)} ${paint.faint(`(${wallet.suite})`)}`,
    paint.strong(MENU),
    paint.faint(
      name === undefined
        ? 'New here? "register alice" takes a name. "help" explains.'
        : `"login ${printable(name)}" logs in. "help" explains.`,
    ),
  );
}

/** Does what the person wants, until they leave and every payee has been told what was paid. */
async function converse(session: Session, past: PastLines): Promise<ExitStatus> {
  const status = await readLines(session, past);
  if (status === EXIT.done) await Promise.all(session.deliveries);
  return status;
}

/** Line after line, until the person leaves. */
async function readLines(session: Session, past: PastLines): Promise<ExitStatus> {
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
  past.add(typed);
  return perform(session, line);
}

/** Takes leave of the server. What comes meanwhile is still shown: the answer to what is under way, or money. */
async function sayGoodbye(session: Session): Promise<void> {
  const { screen, wallet } = session;
  // No line is read any more, and Ctrl-C is a signal again.
  screen.close();
  for (const event of ['lost', 'retrying', 'restored', 'close'] as const) wallet.removeAllListeners(event);
  const word = await leave(wallet);
  tellUnknown(session);
  screen.print(...serverTextLines(word ?? 'Bye!', screen.columns));
}
