/** The middle of the values, or the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? null : lower + (upper - lower) / 2;
}

/**
 * How far apart the rounds lie: the largest value less the smallest, as a share of the median. Null of fewer
 * than two.
 */
export function spread(values: readonly number[]): number | null {
  const middle = median(values);
  if (values.length < 2 || middle === null || middle === 0) {
    return null;
  }
  return (Math.max(...values) - Math.min(...values)) / Math.abs(middle);
}

/**
 * A figure worth reporting, or null: what was not measured is not a number, and what took no time was not
 * measured.
 */
export function figure(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

/**
 * The value at `share`, 0 to 1, of the sorted values: the smallest one that so many are not above. Null of
 * none.
 */
export function percentile(sorted: ArrayLike<number>, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** The quotients of the rounds in which both were measured. */
export function quotients(over: readonly (number | null)[], under: readonly (number | null)[]): number[] {
  return over.flatMap((top, round) => {
    const bottom = under[round] ?? null;
    return top === null || bottom === null ? [] : [top / bottom];
  });
}
