import type { ErrorName } from './expected.ts';

/** One link, and who has logged in on it. */
export interface ModelSession {
  readonly conn: number;
  readonly gateway: number;
  readonly key: Uint8Array;
  readonly host: string;
  account: string | undefined;
  port: number;
  over: boolean;
}

/** How a request comes out. */
export type Outcome = { readonly error: ErrorName; readonly text?: string } | { readonly result: object };

/** What the operator's own limits answer: they are no part of the wire contract. */
export const NO_ROOM = {
  error: 'INTERNAL',
  text: 'FAIL: The server cannot write at the moment, try again later',
} as const;

export const FROZEN = {
  error: 'BAD_REQUEST',
  text: "FAIL: This account is frozen; ask the server's operator",
} as const;

/** What says yes. */
export const OK = { code: 100, text: '100 OK' };
