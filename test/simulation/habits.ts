import type { Urn } from './dice.ts';

/** What clients do, while they are logged in. */
export const HABITS = [
  'pay',
  'retry',
  'list',
  'lookup',
  'history',
  'friends',
  'befriend',
  'unfriend',
  'exit',
  'leave',
  'malformed',
  'nonsense',
  'again',
  'break',
] as const;

export type Habit = (typeof HABITS)[number];

export interface Habits {
  readonly urn: Urn<Habit>;
  /** Everybody's names. */
  readonly names: readonly string[];
  /** Requests that a client has open at once. */
  readonly window: number;
  /** Requests in one record. */
  readonly burst: number;
  /** How many numbers orders have: few are used again and again. */
  readonly orders: number;
  readonly grant: number;
}

/** What clients have done and heard, in numbers. */
export interface Doings {
  links: number;
  requests: number;
  /** Orders given once more under the same id. */
  retries: number;
  payments: number;
  refusals: number;
  notifications: number;
  /** Requests whose answer was lost with the link. */
  unknown: number;
}
