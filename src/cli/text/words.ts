/**
 * What people read: the sentences of both faces of `farthing`. Everything that others wrote is made printable
 * here.
 */
import type {
  AccountView,
  Currency,
  ErrorName,
  Friend,
  FriendState,
  OnlineEntry,
  Transfer,
} from '../../protocol/index.ts';
import type { Paint } from './colour.ts';
import { type Cell, columns, fold } from './columns.ts';
import { amountText, balanceText, toDecimal } from './money.ts';
import { printable, quoted } from './printable.ts';

/** `Balance: 9,987.50 dollars` */
export function balanceLine(balance: number, currency: Currency): string {
  return `Balance: ${balanceText(balance, currency)}`;
}

/** The balance, the number of people online, and a line `name  host  port` for each of them. */
export function viewLines(view: AccountView, paint: Paint): string[] {
  return [
    balanceLine(view.balance, view.currency),
    `Online: ${view.online.length}`,
    ...columns(view.online.map((entry) => onlineRow(entry, paint))),
  ];
}

function onlineRow(entry: OnlineEntry, paint: Paint): Cell[] {
  return [
    { text: printable(entry.name), paint: paint.name },
    printable(entry.host ?? '-'),
    entry.port === null ? '-' : String(entry.port),
  ];
}

/** What a payee sees: `alice gives you 12.50 dollars for "lunch" (directly)` */
export function givesLines(
  transfer: Transfer,
  currency: Currency,
  how: string,
  width: number | undefined,
  paint: Paint,
): string[] {
  const name = printable(transfer.from);
  const amount = amountText(transfer.amount, currency);
  const head = {
    plain: `${name} gives you ${amount}`,
    painted: `${paint.name(name)} gives you ${paint.gain(amount)}`,
  };
  return foldedMemo(head, `${forWhat(transfer)} (${how})`, width);
}

/** What a payee sees when only the payer says so. It must not look like money. */
export function unconfirmedLines(
  transfer: Transfer,
  currency: Currency,
  width: number | undefined,
  paint: Paint,
): string[] {
  const head = `${printable(transfer.from)} says: ${amountText(transfer.amount, currency)} for you`;
  const rest = `${forWhat(transfer)}. Not confirmed by the server yet`;
  return foldedMemo({ plain: head, painted: head }, rest, width).map(paint.faint);
}

/** What a payer sees: `Paid bob 12.50 dollars for "lunch"` */
export function paidLine(transfer: Transfer, currency: Currency, paint: Paint): string {
  return `Paid ${paint.name(printable(transfer.to))} ${amountText(transfer.amount, currency)}${forWhat(transfer)}`;
}

function forWhat(transfer: Transfer): string {
  return transfer.memo === '' ? '' : ` for ${quoted(transfer.memo)}`;
}

function memoOf(transfer: Transfer): string {
  return transfer.memo === '' ? '' : quoted(transfer.memo);
}

/**
 * What further lines of a text that others wrote begin with. No line of ours begins with a blank or a bar.
 */
const MARGIN = '  | ';

/**
 * A line of ours and the memo in it, folded so that no part of the memo can stand where our own words stand.
 */
function foldedMemo(
  head: { readonly plain: string; readonly painted: string },
  rest: string,
  width: number | undefined,
): string[] {
  const [first = '', ...more] = fold(head.plain + rest, MARGIN, width);
  const hasWholeHead = first.startsWith(head.plain);
  return [hasWholeHead ? head.painted + first.slice(head.plain.length) : first, ...more];
}

/**
 * One line (folded where it must be) for each transfer, newest first: when, how much, with whom, what for.
 */
export function historyLines(
  transfers: readonly Transfer[],
  me: string,
  currency: Currency,
  width: number | undefined,
  paint: Paint,
): string[] {
  const cells = (transfer: Transfer, gain: Paint['gain']): Cell[] => {
    const paidByMe = transfer.from === me;
    const decimal = balanceText(transfer.amount, { ...currency, name: '' }).trimEnd();
    return [
      timeText(transfer.at),
      paidByMe ? `-${decimal}` : { text: `+${decimal}`, paint: gain },
      `${paidByMe ? 'to' : 'from'} ${printable(paidByMe ? transfer.to : transfer.from)}`,
      memoOf(transfer),
    ];
  };
  const lines = (gain: Paint['gain']) =>
    columns(
      transfers.map((transfer) => cells(transfer, gain)),
      [1],
    );
  const painted = lines(paint.gain);
  return lines((text) => text).flatMap((plain, index) => {
    const memo = transfers[index] === undefined ? '' : memoOf(transfers[index]);
    const without = (line: string) => line.slice(0, line.length - memo.length);
    return foldedMemo({ plain: without(plain), painted: without(painted[index] ?? plain) }, memo, width);
  });
}

/** `2026-07-01 18:30`, in the time zone of who reads it. */
function timeText(at: number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) {
    return '-';
  }
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** One line for each friend, and for each who asks or is asked. */
export function friendLines(friends: readonly Friend[], paint: Paint): string[] {
  const rows = friends.map((friend): Cell[] => [
    { text: printable(friend.name), paint: paint.name },
    friend.online ? 'online' : 'offline',
    standing(friend),
  ]);
  return columns(rows);
}

function standing(friend: Friend): string {
  const name = printable(friend.name);
  const words: Record<FriendState, string> = {
    friend: 'friend',
    asked: 'asked by you',
    asking: `asks you: befriend ${name} accepts, unfriend ${name} declines`,
  };
  return words[friend.state];
}

/** What befriending somebody has led to. */
export function befriendLine(name: string, state: FriendState, paint: Paint): string {
  const shown = paint.name(printable(name));
  return state === 'friend' ? `${shown} is your friend` : `${shown} is asked to be your friend`;
}

/** It is over, whatever it was. */
export function unfriendLine(name: string, paint: Paint): string {
  return `${paint.name(printable(name))} is not your friend`;
}

/** Somebody changed how they stand to us. */
export function friendEventLine(name: string, state: FriendState, paint: Paint): string {
  const plain = printable(name);
  const shown = paint.name(plain);
  if (state === 'friend') {
    return `${shown} is your friend now`;
  }
  if (state === 'asked') {
    return `${shown} is asked to be your friend`;
  }
  return `${shown} asks to be your friend: befriend ${plain} accepts, unfriend ${plain} declines`;
}

/**
 * What somebody said, folded so that no part of it can stand where our own words stand. `width`: columns, if
 * known.
 */
export function saidLines(from: string, text: string, width: number | undefined, paint: Paint): string[] {
  const name = printable(from);
  const [first = '', ...rest] = fold(`${name}: ${printable(text)}`, `${' '.repeat(name.length)}| `, width);
  return [paint.name(name) + first.slice(name.length), ...rest];
}

/**
 * What the server says to people, folded so that no part of it can stand where a friend's words or our own
 * stand.
 */
export function serverSaysLines(text: string, width: number | undefined): string[] {
  return serverTextLines(`The server says: ${text}`, width);
}

/**
 * A text of the server's that is shown for itself, such as `Bye!` or why it refuses; folded like all that
 * others wrote.
 */
export function serverTextLines(text: string, width: number | undefined): string[] {
  return fold(printable(text), MARGIN, width);
}

/** What stands where lines were left out, since nobody had read those before them. */
export function notShownLine(lines: number): string {
  return lines === 1 ? '1 line was not shown' : `${lines} lines were not shown`;
}

/** A friend came or went. */
export function presenceLine(name: string, online: boolean, paint: Paint): string {
  return `${paint.name(printable(name))} is ${online ? 'online' : 'offline'}`;
}

/** What a refusal means, where its own text says too little. */
const MEANINGS: Readonly<Record<ErrorName, string | undefined>> = {
  NAME_TAKEN: 'this name is taken',
  AUTH_FAIL: undefined,
  WRONG_STATE: 'you are logged in',
  PAYEE_UNKNOWN: undefined,
  PAYEE_OFFLINE: undefined,
  INSUFFICIENT_FUNDS: undefined,
  BAD_AMOUNT: undefined,
  ID_REUSED: undefined,
  PAYEE_SELF: undefined,
  BAD_REQUEST: undefined,
  TOO_MANY: undefined,
  INTERNAL: undefined,
};

/**
 * What a refusal of this name (`NAME_TAKEN`) means, where the server's own words say too little. Any name may
 * be asked about.
 */
export function refusalMeaning(symbol: string): string | undefined {
  return Object.hasOwn(MEANINGS, symbol) ? MEANINGS[symbol as ErrorName] : undefined;
}

/** What a refusal means here, for people: the server's own words, and ours where those say too little. */
export function refusalLine(
  refusal: { readonly symbol: string; readonly message: string },
  doing: string,
): string {
  const text = printable(refusal.message);
  if (refusal.symbol === 'AUTH_FAIL') {
    return doing === 'login'
      ? `${text} (not registered, or not with this key)`
      : `${text}: please log in first`;
  }
  const meaning = refusalMeaning(refusal.symbol);
  return meaning === undefined ? text : `${text} (${meaning})`;
}

/** A transfer as scripts read it. These keys never change meaning. */
export function transferDocument(transfer: Transfer, currency: Currency) {
  return {
    seq: transfer.seq,
    id: Buffer.from(transfer.id).toString('hex'),
    from: transfer.from,
    to: transfer.to,
    amount: toDecimal(transfer.amount, currency.scale),
    amountMinor: transfer.amount,
    memo: transfer.memo,
    at: isoTime(transfer.at),
  };
}

/** A balance as scripts read it. */
export function balanceDocument(balance: number, currency: Currency) {
  return {
    balance: toDecimal(balance, currency.scale),
    balanceMinor: balance,
    currency: { name: currency.name, scale: currency.scale },
  };
}

function isoTime(at: number): string | null {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
