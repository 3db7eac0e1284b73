import type { Wallet } from '../../../client/index.ts';
import { ERRORS } from '../../../protocol/index.ts';
import type { ExitStatus } from '../../shell/exit-status.ts';
import type { Paint } from '../../text/colour.ts';
import { refusalLine } from '../../text/words.ts';
import type { Account } from '../account.ts';
import type { ClientOptions } from '../options.ts';
import type { OnlineNames } from './online-names.ts';
import type { Screen } from './screen.ts';

/** A payment as it is asked for. */
export interface OrderUnderWay {
  readonly from: string;
  readonly to: string;
  /** A decimal in the server's currency. */
  readonly amount: string;
  readonly memo: string;
  /** 16 bytes: the same order of the same payer under it pays once. */
  readonly id: Uint8Array;
}

/** What the commands at the prompt share: one person, their wallet, and what they are doing. */
export interface Prompt {
  readonly screen: Screen;
  readonly wallet: Wallet;
  readonly options: ClientOptions;
  readonly paint: Paint;
  /** Who was seen online, for completion. */
  readonly names: OnlineNames;
  account: Account;
  /** Whom every line goes to, while chatting. */
  chatWith: string | undefined;
  /** The last command was an exit that the server refused: the next one leaves all the same. */
  exitRefused: boolean;
  /** The payment that is being asked for, if any: leaving now may leave its outcome unknown. */
  order: OrderUnderWay | undefined;
  /** Payees who are just being told of their payments. None of them rejects, all of them end soon. */
  readonly deliveries: Set<Promise<void>>;
  /** Ends the program with this status, whatever is under way. */
  readonly end: (status: ExitStatus) => void;
}

/** Asks for what a command lacks. Undefined when the person would rather not. */
export async function askFor(prompt: Prompt, what: string, usual = ''): Promise<string | undefined> {
  const reading = await prompt.screen.read(`${what}${usual === '' ? '' : ` [${usual}]`}: `);
  if (typeof reading === 'string') {
    return undefined;
  }
  const answer = reading.line.trim();
  return answer === '' ? usual || undefined : answer;
}

/** Is somebody logged in? If not, says so, before anything is asked of them. */
export function isLoggedIn(prompt: Prompt): boolean {
  if (prompt.wallet.name === undefined) {
    refuse(prompt, 'AUTH_FAIL');
  }
  return prompt.wallet.name !== undefined;
}

/** Is nobody logged in yet? If somebody is, says so, before anything is asked of them. */
export function isLoggedOut(prompt: Prompt): boolean {
  if (prompt.wallet.name !== undefined) {
    refuse(prompt, 'WRONG_STATE');
  }
  return prompt.wallet.name === undefined;
}

/** Shows what the server would answer. */
function refuse({ screen, paint }: Prompt, symbol: 'AUTH_FAIL' | 'WRONG_STATE'): void {
  screen.print(paint.bad(refusalLine({ symbol, message: ERRORS[symbol].text }, 'ask')));
}
