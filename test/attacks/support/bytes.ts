import assert from 'node:assert/strict';

/**
 * Bytes of hex digits, blanks between them as one likes; `xx*n` is n times the byte xx, and 'text' is its
 * UTF-8.
 */
export function hex(text: string): Buffer {
  const plain = text
    .replace(/'([^']*)'/g, (_, quoted: string) => Buffer.from(quoted).toString('hex'))
    .replace(/([0-9a-f]{2})\*(\d+)/g, (_, byte: string, count: string) => byte.repeat(Number(count)))
    .replaceAll(' ', '');
  const bytes = Buffer.from(plain, 'hex');
  assert.equal(bytes.length * 2, plain.length, `not hex: ${text}`);
  return bytes;
}

/** A request for `list` with id 1 and these params, which may be any bytes. */
export function listWith(params: string): Buffer {
  return hex(`94 00 01 a4'list' ${params}`);
}

/** The same with one parameter that the server does not know, and this value. */
export function listWithValue(value: string): Buffer {
  return listWith(`81 a1'x' ${value}`);
}
