import assert from 'node:assert/strict';
import type { FriendState, HeldAccount } from '../books/account.ts';
import type { Books } from '../books/books.ts';
import { MAX_FRIENDS, MAX_REQUESTS } from '../limits.ts';
import type { BefriendStatus, UnfriendStatus } from './statuses.ts';

/** One line of a person's list. */
export interface Friend {
  readonly name: string;
  /** As seen by the person whose list it is. */
  readonly state: FriendState;
}

export type BefriendResult =
  | {
      readonly status: 'ok';
      /** How the other stands to the one who asked: `asked`, or `friend` once both have. */
      readonly state: FriendState;
      /** False: it was so before. */
      readonly changed: boolean;
    }
  | { readonly status: Exclude<BefriendStatus, 'ok'> };

export type UnfriendResult =
  | {
      readonly status: 'ok';
      /** False: nothing was between the two. */
      readonly changed: boolean;
    }
  | { readonly status: Exclude<UnfriendStatus, 'ok'> };

/** Friends and open requests of an account, sorted by name. @throws StoreError `damaged` */
export function friends(books: Books, name: string): Friend[] {
  const list = Array.from(own(books, name).friends, ([id, state]) => ({ name: books.byId(id).name, state }));
  return list.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Asks for a friendship, or accepts the other's request. */
export function befriend(books: Books, name: string, other: string): BefriendResult {
  const mine = own(books, name);
  const theirs = books.byName(other);
  if (theirs === undefined) {
    return { status: 'unknown' };
  }
  if (theirs === mine) {
    return { status: 'self' };
  }
  const before = mine.friends.get(theirs.id);
  if (before === undefined && !hasRoom(mine, theirs)) {
    return { status: 'too_many' };
  }
  if (before === 'friend' || before === 'asked') {
    return { status: 'ok', state: before, changed: false };
  }
  const state = before === 'asking' ? 'friend' : 'asked';
  books.relate(mine, theirs, state);
  return { status: 'ok', state, changed: true };
}

/** Ends a friendship, withdraws the own request, or declines the other's. */
export function unfriend(books: Books, name: string, other: string): UnfriendResult {
  const mine = own(books, name);
  const theirs = books.byName(other);
  if (theirs === undefined) {
    return { status: 'unknown' };
  }
  if (theirs === mine) {
    return { status: 'self' };
  }
  const changed = mine.friends.has(theirs.id);
  if (changed) {
    books.relate(mine, theirs, undefined);
  }
  return { status: 'ok', changed };
}

function own(books: Books, name: string): HeldAccount {
  const account = books.byName(name);
  assert(account !== undefined, 'the one who asks has an account');
  return account;
}

/** Whether both lists take a request from the one to the other. */
function hasRoom(asker: HeldAccount, asked: HeldAccount): boolean {
  if (asker.friends.size >= MAX_FRIENDS || asked.friends.size >= MAX_FRIENDS) {
    return false;
  }
  let waiting = 0;
  for (const state of asked.friends.values()) {
    waiting += state === 'asking' ? 1 : 0;
  }
  return waiting < MAX_REQUESTS;
}
