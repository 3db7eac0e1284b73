/** What the hub knows, as the wire has it. */
import assert from 'node:assert/strict';
import type { Ledger, Transfer as LedgerTransfer } from '../ledger/index.ts';
import { type AccountView, OK, type OnlineEntry, type Transfer } from '../protocol/index.ts';
import { MAX_HOST_BYTES } from './limits.ts';
import type { Client } from './presence/client.ts';

/** A transfer: a memo that was not given is empty. */
export function transferView(transfer: LedgerTransfer): Transfer {
  return { ...transfer, memo: transfer.memo ?? '' };
}

/** What others may know of an account that is online: an address only where it takes peer links. */
export function onlineEntry(name: string, { host, port, key }: Client): OnlineEntry {
  const reachable = port !== 0 && host.length <= MAX_HOST_BYTES;
  return { name, host: reachable ? host : null, port: reachable ? port : null, key };
}

/** An account that exists as of now, without the people online, whom the gateway adds. */
export function accountView(ledger: Ledger, name: string): Omit<AccountView, 'online'> {
  const currency = { name: ledger.currency, scale: ledger.scale };
  return { ...OK, name, balance: balanceOf(ledger, name), currency };
}

/** What an account that exists has, minor units. */
export function balanceOf(ledger: Ledger, name: string): number {
  const account = ledger.account(name);
  assert(account !== undefined, 'the account exists');
  return account.balance;
}
