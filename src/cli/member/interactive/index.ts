import type { Wallet } from '../../../client/index.ts';
import { formatEndpoint } from '../../../protocol/index.ts';
import { VERSION } from '../../../system/version.ts';
import { MAX_LINE_LENGTH } from '../../limits.ts';
import { ENDING_SIGNALS, EXIT, type ExitStatus, SIGNAL_STATUS } from '../../shell/exit-status.ts';
import type { Output } from '../../shell/output.ts';
import { printable } from '../../text/printable.ts';
import { serverTextLines } from '../../text/words.ts';
import { type Account, findAccount, openWallet } from '../account.ts';
import { leave } from '../leave.ts';
import type { ClientOptions } from '../options.ts';
import { chatLine, endChat } from './chat.ts';
import { CommandHistory } from './command-history.ts';
import { perform, showError } from './commands.ts';
import { showEvents } from './events.ts';
import { parseLine } from './line.ts';
import { MENU, promptText } from './menu.ts';
import { OnlineNames } from './online-names.ts';
import { tellUnknown } from './order.ts';
import type { Prompt } from './prompt.ts';
import { Screen } from './screen.ts';

export interface InteractiveContext {
  readonly options: ClientOptions;
  readonly out: Output;
  /** Says which server (HOST:PORT) is being spoken to, for the message of an error. */
  readonly at: (server: string) => void;
}

/**
 * The prompt: reads commands from a person or a pipe, until they leave.
 * @returns the exit status
 * @throws UsageError, ProfileError, and what {@link openWallet} throws
 */
export async function runInteractive({ options, out, at }: InteractiveContext): Promise<ExitStatus> {
  const account = await findAccount(options);
  const endpoint = formatEndpoint(account.address.host, account.address.port);
  at(endpoint);
  const history = new CommandHistory();
  const names = new OnlineNames();
  const ending = Promise.withResolvers<ExitStatus>();
  const screen = new Screen({
    out,
    history: history.newestFirst(),
    names: () => names,
    onInterrupt: () => ending.resolve(EXIT.interrupted),
  });
  try {
    const wallet = await Promise.race([open(account, options, screen), ending.promise]);
    if (typeof wallet === 'number') {
      return wallet;
    }
    const prompt: Prompt = {
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
    for (const signal of ENDING_SIGNALS) {
      process.on(signal, () => ending.resolve(SIGNAL_STATUS[signal]));
    }
    welcome(prompt, endpoint);
    showEvents(prompt);
    const status = await Promise.race([converse(prompt, history), ending.promise]);
    await sayGoodbye(prompt);
    return status;
  } finally {
    history.save();
    screen.close();
  }
}

function open(account: Account, options: ClientOptions, screen: Screen): Promise<Wallet> {
  const ask = async (question: string) => {
    const lines = question.split('\n');
    if (lines.length > 1) {
      screen.print(...lines.slice(0, -1));
    }
    const reading = await screen.read(lines.at(-1) ?? '');
    return typeof reading === 'string' ? undefined : reading.line;
  };
  return openWallet(account, options, {
    ask: screen.isTerminal && options.input ? ask : undefined,
    note: (line) => screen.print(line),
    reconnect: true,
  });
}

function welcome({ screen, wallet, account, paint, options }: Prompt, endpoint: string): void {
  if (!screen.isTerminal || options.quiet) {
    return;
  }
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

/** Reads and performs lines, until the person leaves and every payee has been told of what was paid. */
async function converse(prompt: Prompt, history: CommandHistory): Promise<ExitStatus> {
  const status = await readLines(prompt, history);
  if (status === EXIT.done) {
    await Promise.all(prompt.deliveries);
  }
  return status;
}

/** Reads and performs one line after the other, until the person leaves. */
async function readLines(prompt: Prompt, history: CommandHistory): Promise<ExitStatus> {
  const { screen, wallet, paint } = prompt;
  for (;;) {
    const { chatWith } = prompt;
    const reading = await screen.read(promptText(wallet.name, chatWith, paint));
    if (reading === 'ended') {
      return EXIT.done;
    }
    if (reading === 'interrupted') {
      if (chatWith === undefined) {
        return EXIT.interrupted;
      }
      endChat(prompt);
    } else if (reading.line.length > MAX_LINE_LENGTH) {
      screen.print(`This line is too long: at most ${MAX_LINE_LENGTH} characters`);
    } else if (chatWith !== undefined) {
      await chatLine(prompt, chatWith, reading.line).catch((error) => showError(prompt, error, 'say'));
    } else if (!(await performLine(prompt, history, reading.line))) {
      return EXIT.done;
    }
  }
}

/** @returns false when it is time to leave */
function performLine(prompt: Prompt, history: CommandHistory, typed: string): Promise<boolean> {
  const line = parseLine(typed);
  history.add(typed);
  return perform(prompt, line);
}

/** Logs out. What comes meanwhile is still shown: the answer to a request under way, or money. */
async function sayGoodbye(prompt: Prompt): Promise<void> {
  const { screen, wallet } = prompt;
  // No line is read any more, and Ctrl-C is a signal again.
  screen.close();
  for (const event of ['lost', 'retrying', 'restored', 'close'] as const) {
    wallet.removeAllListeners(event);
  }
  const word = await leave(wallet);
  tellUnknown(prompt);
  screen.print(...serverTextLines(word ?? 'Bye!', screen.columns));
}
