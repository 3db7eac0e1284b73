/** A key (32 bytes) as people compare it: its 64 hex digits, in groups of four that the eye can hold. */
export function fingerprint(key: Uint8Array): string {
  return hex(key).replace(/.{4}(?=.)/g, '$& ');
}

/** The digits alone, as programs and `--server-key` take them. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
