/** What the simulation has found: something that must not be. */
export class Discrepancy extends Error {
  override readonly name = 'Discrepancy';
}

/** Throws unless it holds. What is told is made only then. */
export function demand(holds: boolean, why: () => string): asserts holds {
  if (!holds) {
    throw new Discrepancy(why());
  }
}

/**
 * Whether two values mean the same on the wire: maps whatever the order of their keys, bytes whatever holds
 * them.
 */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) {
    return true;
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return false;
  }
  if (one instanceof Uint8Array || other instanceof Uint8Array) {
    return one instanceof Uint8Array && other instanceof Uint8Array && sameBytes(one, other);
  }
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => same(item, other[at]))
    );
  }
  return sameMaps(one as Record<string, unknown>, other as Record<string, unknown>);
}

function sameMaps(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  let keys = 0;
  for (const key in one) {
    if (one[key] === undefined) {
      continue;
    }
    if (!same(one[key], other[key])) {
      return false;
    }
    keys += 1;
  }
  for (const key in other) {
    keys -= other[key] === undefined ? 0 : 1;
  }
  return keys === 0;
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) {
    return false;
  }
  for (let at = 0; at < one.length; at++) {
    if (one[at] !== other[at]) {
      return false;
    }
  }
  return true;
}

/** A value on one line, its bytes in hex. */
export function show(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner instanceof Uint8Array ? Buffer.from(inner).toString('hex') : inner,
  );
}
