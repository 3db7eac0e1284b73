/**
 * Are the bytes of `[start, end)` UTF-8 (RFC 3629 4)? No overlong forms, no surrogates, nothing above
 * U+10FFFF, no sequence cut off. Allocates nothing.
 */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || at + length > end) {
      return false;
    }
    const second = bytes[at + 1] as number;
    if (second < leastSecond(lead) || second > greatestSecond(lead)) {
      return false;
    }
    for (let i = 2; i < length; i++) {
      if (((bytes[at + i] as number) & 0xc0) !== 0x80) {
        return false;
      }
    }
    at += length;
  }
  return true;
}

/** e0 and f0 begin overlong forms where their second byte is low. */
function leastSecond(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
}

/** ed begins surrogates, and f4 what lies above U+10FFFF, where their second byte is high. */
function greatestSecond(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
}
