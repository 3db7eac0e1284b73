import type { Currency } from '../../protocol/index.ts';
import { printable } from './printable.ts';

/**
 * Decimals and minor units. Only here does an amount have a point: everywhere else it is an integer count of
 * minor units (scale 2: 1250 is 12.50). Digits are moved as text, so that no rounding can happen.
 */

/** An amount read, in minor units, or what is wrong with it, as the end of a sentence. */
export type ParsedAmount = { readonly minor: number } | { readonly mistake: string };

// Digits and at most one point with digits on both sides: no sign, no exponent, no separators, no leading
// zeros.
const DECIMAL = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/**
 * Has this the form of an amount, in whatever currency? What is asked of it later is `parseAmount`'s
 * business.
 */
export function looksLikeAmount(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * Reads an amount such as `12.5`, `12.50` or `10` into minor units. Zero is read: whether it will do is for
 * others to say.
 */
export function parseAmount(text: string, scale: number): ParsedAmount {
  const parts = DECIMAL.exec(text);
  if (parts === null) {
    return { mistake: `is not an amount: write it like ${scale === 0 ? '12' : '12.50 or 12'}` };
  }
  const [, whole = '', fraction = ''] = parts;
  if (fraction.length > scale) {
    return {
      mistake: scale === 0 ? 'is too fine: there are no decimals' : `is too fine: at most ${scale} decimals`,
    };
  }
  const minor = Number(whole + fraction.padEnd(scale, '0'));
  return Number.isSafeInteger(minor) ? { minor } : { mistake: 'is too large' };
}

/** All decimals and nothing else, for programs: `1250` is `12.50`. */
export function toDecimal(minor: number, scale: number): string {
  const { sign, whole, fraction } = split(minor, scale);
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** For a balance: all decimals, thousands apart, the currency: `10,000.00 dollars`. */
export function balanceText(minor: number, currency: Currency): string {
  const { sign, whole, fraction } = split(minor, currency.scale);
  return `${sign}${thousands(whole)}${fraction === '' ? '' : `.${fraction}`} ${printable(currency.name)}`;
}

/** For a sentence: no decimals where they are all zero: `10 dollars`, `12.50 dollars`. */
export function amountText(minor: number, currency: Currency): string {
  const { sign, whole, fraction } = split(minor, currency.scale);
  const decimals = /^0*$/.test(fraction) ? '' : `.${fraction}`;
  return `${sign}${thousands(whole)}${decimals} ${printable(currency.name)}`;
}

function split(minor: number, scale: number): { sign: string; whole: string; fraction: string } {
  const digits = String(Math.abs(minor)).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return { sign: minor < 0 ? '-' : '', whole: digits.slice(0, point), fraction: digits.slice(point) };
}

function thousands(digits: string): string {
  return digits.replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
}
