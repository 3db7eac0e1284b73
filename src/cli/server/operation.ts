import type { AccountReport, OperationOutcome } from '../../operator/index.ts';
import { Administration, isReason, MAX_REASON_BYTES, type Operation } from '../../operator/index.ts';
import { isAccountName } from '../../protocol/names.ts';
import { UsageError } from '../shell/arguments.ts';
import { EXIT, type ExitStatus } from '../shell/exit-status.ts';
import { tellFailure } from '../shell/failure.ts';
import { saysYes, terminalQuestion } from '../shell/question.ts';
import { balanceText } from '../text/money.ts';
import { printable, quoted } from '../text/printable.ts';
import { accountDocument } from './account-words.ts';
import type { OperatorContext } from './commands/command.ts';

/** What a command is about to do. */
export interface Plan {
  readonly operation: Operation;
  /** What the operator is asked before it is done, if anything: `Issue 10 dollars to alice?` */
  readonly question?: string;
  /** What is said once it is done; the account is as it is then. */
  readonly done: (account: AccountReport) => readonly string[];
}

/** The name that a command is about, and the reason given. @throws UsageError */
export function readSubject({ words, values }: OperatorContext): { name: string; reason: string } {
  const name = readAccountName(words[0] ?? '');
  const reason = values.reason ?? '';
  if (!isReason(reason)) {
    throw new UsageError(`a reason has 1 to ${MAX_REASON_BYTES} bytes of text`);
  }
  return { name, reason };
}

/** A name that may have been taken before it was reserved, too. @throws UsageError */
function readAccountName(text: string): string {
  const name = text.toLowerCase();
  // Letters of other scripts whose small form is one of ours are not ours.
  if (/^[!-~]+$/.test(text) && isAccountName(name)) {
    return name;
  }
  throw new UsageError(
    `"${text}" cannot be a name`,
    'A name is 1 to 32 of a-z 0-9 _ . - and begins with a letter.',
  );
}

/**
 * Looks the account up, has the operator say yes where there is a question and a terminal, and carries the
 * operation out.
 * @throws UsageError, ServerError
 */
export async function carryOut(
  context: OperatorContext,
  name: string,
  plan: (account: AccountReport) => Plan,
): Promise<ExitStatus> {
  const { dataDir, out } = context;
  const administration = new Administration(dataDir);
  const account = await administration.account(name);
  if (account === undefined) {
    return refuse(context, name, { status: 'account_unknown' }, undefined);
  }
  const { operation, question, done } = plan(account);
  if (question !== undefined && !(await isConfirmed(context, account, question))) {
    out.problem('Nothing was done.');
    return EXIT.refused;
  }
  const outcome = await administration.operate(operation, Date.now());
  if (!('account' in outcome)) {
    return refuse(context, name, outcome, account);
  }
  const { transfer } = outcome;
  const document = { done: operation.kind, transfer, account: accountDocument(outcome.account) };
  out.done(document, () => done(outcome.account));
  return EXIT.done;
}

/** Without a terminal there is nobody to ask, and the command line is taken for an answer. */
async function isConfirmed(
  { values, out }: OperatorContext,
  account: AccountReport,
  question: string,
): Promise<boolean> {
  const ask = values.yes === true ? undefined : terminalQuestion(!out.json);
  if (ask === undefined) {
    return true;
  }
  const { balance, currency, frozen } = account;
  const state = `${account.name} has ${balanceText(balance, currency)}${frozen ? ' and is frozen' : ''}.`;
  return saysYes(ask, `${state}\n${question} (yes/no) `);
}

type Refused = Exclude<OperationOutcome, { readonly status: 'ok' | 'exists' }>;

const TEXTS: Readonly<Record<Exclude<Refused['status'], 'failed'>, (name: string) => string>> = {
  account_unknown: (name) => `there is no account ${quoted(name)}`,
  bad_amount: () => 'the amount must be more than zero',
  id_reused: () => 'the id of this operation belongs to another one: try again',
  already_frozen: (name) => `${name} is frozen already`,
  not_frozen: (name) => `${name} is not frozen`,
  same_key: (name) => `${name} belongs to this key already`,
  issue_exhausted: () => 'there would be more money than can be counted',
  insufficient_funds: (name) => `${name} has less than that`,
};

function adviceOf(status: Refused['status'], account: AccountReport | undefined): string | undefined {
  if (status === 'account_unknown') {
    return '"farthing-server accounts" lists them.';
  }
  if (status === 'failed') {
    return 'The books are as they were.';
  }
  if (status !== 'insufficient_funds' || account === undefined) {
    return undefined;
  }
  return `The balance is ${balanceText(account.balance, account.currency)}.`;
}

function refuse(
  { out }: OperatorContext,
  name: string,
  outcome: Refused,
  account: AccountReport | undefined,
): ExitStatus {
  const text = outcome.status === 'failed' ? outcome.text : TEXTS[outcome.status](printable(name));
  const line = adviceOf(outcome.status, account);
  tellFailure(
    {
      status: EXIT.refused,
      code: null,
      name: outcome.status.toUpperCase(),
      text,
      advice: line === undefined ? [] : [line],
    },
    'farthing-server',
    out,
  );
  return EXIT.refused;
}
