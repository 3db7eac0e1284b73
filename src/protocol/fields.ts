import { Buffer } from 'node:buffer';
import type { Fields } from './messages.ts';

/** What a field parser answers to a value that is not what it reads. Never a value itself. */
export const WRONG: unique symbol = Symbol('wrong');

/** Reads one value of a map; undefined where the key is absent. */
export type Field<T> = (value: unknown) => T | typeof WRONG;

/** A map of which no key is read. */
export type NoFields = Readonly<Record<never, never>>;

/** A parser for each key of T. */
export type Shape<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** How a request with parameters `P` and its result `R` are read. */
export interface Call<P extends object, R extends object> {
  /** A reader for each parameter: what they do not read is answered with 400. */
  readonly params: Shape<P>;
  /** Reads the result: who sends what it does not read has broken the protocol, and the link ends. */
  readonly result: Field<R>;
}

type ParamsOf<Row> = Row extends Call<infer P, infer _> ? P : never;
type ResultOf<Row> = Row extends Call<infer _, infer R> ? R : never;

/** What is read by a table of calls, by method. */
export type CallTypes<Rows> = {
  readonly [M in keyof Rows]: { readonly params: ParamsOf<Rows[M]>; readonly result: ResultOf<Rows[M]> };
};

/**
 * What came of reading a map: all that was promised and nothing else, or in `problem` the first key that was
 * wrong, which is a key of ours, never one of the remote's.
 */
export type Parsed<T> =
  | { readonly ok: true; readonly params: T }
  | { readonly ok: false; readonly problem: string };

/** Reads the keys of `shape`; others are ignored, and what reads as undefined is left out. */
export function readFields<T extends object>(shape: Shape<T>, map: Fields): Parsed<T> {
  const read: Record<string, unknown> = {};
  for (const key of Object.keys(shape) as (keyof T & string)[]) {
    const value = shape[key](Object.hasOwn(map, key) ? map[key] : undefined);
    if (value === WRONG) {
      return { ok: false, problem: key };
    }
    if (value !== undefined) {
      read[key] = value;
    }
  }
  return { ok: true, params: read as T };
}

/** A map with the keys of `shape`. */
export function map<T extends object>(shape: Shape<T>): Field<T> {
  return (value) => {
    if (!isMap(value)) {
      return WRONG;
    }
    const parsed = readFields(shape, value);
    return parsed.ok ? parsed.params : WRONG;
  };
}

export function array<T>(item: Field<T>): Field<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) {
      return WRONG;
    }
    const items: T[] = [];
    for (const element of value) {
      const read = item(element);
      if (read === WRONG) {
        return WRONG;
      }
      items.push(read);
    }
    return items;
  };
}

/** `absent` where the key is absent or nil. */
export function optional<T, A>(field: Field<T>, absent: A): Field<T | A> {
  return (value) => (value === undefined || value === null ? absent : field(value));
}

/** One of the values given. */
export function oneOf<const T>(...values: readonly T[]): Field<T> {
  return (value) => values.find((one) => one === value) ?? WRONG;
}

/** An integer from `least` to `greatest`, as far as integers go where no bound is given. */
export function integer(least = Number.MIN_SAFE_INTEGER, greatest = Number.MAX_SAFE_INTEGER): Field<number> {
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= greatest
      ? value
      : WRONG;
}

/** A str of `least` to `most` bytes of UTF-8. */
export function text(least: number, most: number): Field<string> {
  return (value) => {
    if (typeof value !== 'string') {
      return WRONG;
    }
    // No UTF-16 code unit takes more than 3 bytes, so most texts need no counting.
    const length = value.length * 3 <= most ? value.length : Buffer.byteLength(value);
    return length >= least && length <= most ? value : WRONG;
  };
}

/** A bin of exactly `length` bytes. */
export function bin(length: number): Field<Uint8Array> {
  return (value) => (value instanceof Uint8Array && value.length === length ? value : WRONG);
}

export function bool(value: unknown): boolean | typeof WRONG {
  return typeof value === 'boolean' ? value : WRONG;
}

/** A str that `accept` turns into what is meant, or into undefined where it means nothing. */
export function textAs(accept: (value: string) => string | undefined): Field<string> {
  return (value) => (typeof value === 'string' ? (accept(value) ?? WRONG) : WRONG);
}

export function isMap(value: unknown): value is Fields {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
