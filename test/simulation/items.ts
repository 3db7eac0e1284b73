import type { Ask } from './asks.ts';
import type { Expected } from './expected.ts';
import type { ModelOperation } from './model-books.ts';
import { show } from './same.ts';

/** What the hub is told, as the model understands it. */
export type Item =
  | {
      readonly type: 'opened';
      readonly conn: number;
      readonly gateway: number;
      readonly key: Uint8Array;
      readonly host: string;
    }
  | { readonly type: 'closed'; readonly conn: number }
  /** A gateway has lost all its links up to this one, and begins anew. */
  | { readonly type: 'renewed'; readonly gateway: number; readonly lastConn: number }
  | { readonly type: 'operate'; readonly ticket: number; readonly operation: ModelOperation }
  | { readonly type: 'ask'; readonly conn: number; readonly id: number; readonly ask: Ask };

/**
 * What the clients of one gateway are to hear of one batch, each in this order; and which links are to end.
 */
export interface Spoken {
  readonly told: Map<number, Expected[]>;
  readonly ends: Set<number>;
}

/** What the model cannot know by itself. */
export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Which of the batch's histories could not be read, counted from 0. */
  readonly unread: ReadonlySet<number>;
  /** Whether this request was refused with 429: allowed where rates are, and leaves no trace. */
  readonly tooMany: (conn: number, id: number) => boolean;
  /** False: the disk is as good as full, and nothing is taken that would make the books longer. */
  readonly mayGrow: boolean;
}

/** What came of an operation, as far as it can be told from outside. */
export interface Operated {
  readonly ticket: number;
  readonly status: string;
  readonly transfer: number | null;
  readonly balance: number;
  readonly frozen: boolean;
  readonly online: boolean;
}

/** On one line. */
export function describeItem(item: Item): string {
  switch (item.type) {
    case 'ask':
      return `${item.conn}.${item.id} ${show(item.ask)}`;
    case 'opened':
      return `link ${item.conn} opened on ${item.gateway}`;
    case 'closed':
      return `link ${item.conn} closed`;
    case 'renewed':
      return `gateway ${item.gateway} begun anew`;
    case 'operate':
      return `the operator's ${show(item.operation)}`;
  }
}
