/** What stands for a figure that there is none of. */
export const NONE = '–';

/**
 * Three significant digits, with separators, and never in powers of ten: `0.0123`, `1.23`, `123`, `12,300`.
 */
export function digits(value: number | null): string {
  if (value === null) {
    return NONE;
  }
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);
}

/** A ratio: `0.049×`, `0.85×`, `4.06×`, `12.3×`. */
export function times(ratio: number | null): string {
  if (ratio === null) {
    return NONE;
  }
  const decimals = ratio >= 100 ? 0 : ratio >= 10 ? 1 : ratio >= 0.1 ? 2 : 3;
  return `${ratio.toFixed(decimals)}×`;
}

/** A share: `4 %`. */
export function percent(share: number | null): string {
  return share === null ? NONE : `${Math.round(100 * share)} %`;
}
