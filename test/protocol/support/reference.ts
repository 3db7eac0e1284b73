/**
 * A second reader and writer of the MessagePack subset, written from its specification and as plain as can
 * be, against which the gate and the codec are compared. The reader believes whatever it is given; the writer
 * makes any form asked for.
 */
import { Buffer } from 'node:buffer';

export type Tree =
  | { readonly kind: 'nil' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'str'; readonly value: string }
  | { readonly kind: 'bin'; readonly value: Uint8Array }
  | { readonly kind: 'array'; readonly items: readonly Tree[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Tree])[] };

/** The bytes of a tree, each value in its shortest form. */
export function write(tree: Tree): Buffer {
  switch (tree.kind) {
    case 'nil':
      return Buffer.of(0xc0);
    case 'bool':
      return Buffer.of(tree.value ? 0xc3 : 0xc2);
    case 'int':
      return writeInteger(tree.value);
    case 'str':
      return writeText(tree.value);
    case 'bin':
      return Buffer.concat([head(tree.value.length, undefined, 0, [0xc4, 0xc5, 0xc6]), tree.value]);
    case 'array':
      return Buffer.concat([
        head(tree.items.length, 0x90, 16, [undefined, 0xdc, 0xdd]),
        ...tree.items.map(write),
      ]);
    case 'map':
      return Buffer.concat([
        head(tree.entries.length, 0x80, 16, [undefined, 0xde, 0xdf]),
        ...tree.entries.flatMap(([key, value]) => [writeText(key), write(value)]),
      ]);
  }
}

function writeText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([head(bytes.length, 0xa0, 32, [0xd9, 0xda, 0xdb]), bytes]);
}

type Wide = readonly [number | undefined, number, number];

function head(count: number, fix: number | undefined, fixLimit: number, [one, two, four]: Wide): Buffer {
  if (fix !== undefined && count < fixLimit) {
    return Buffer.of(fix + count);
  }
  if (one !== undefined && count < 2 ** 8) {
    return Buffer.of(one, count);
  }
  if (count < 2 ** 16) {
    return big(two, 2, BigInt(count));
  }
  return big(four, 4, BigInt(count));
}

function writeInteger(value: number): Buffer {
  if (value >= -32 && value < 128) {
    return Buffer.of(value & 0xff);
  }
  const forms = [1, 2, 4, 8];
  const width = forms.find((w) => (value < 0 ? value >= -(2 ** (8 * w - 1)) : value < 2 ** (8 * w))) ?? 8;
  return big((value < 0 ? 0xd0 : 0xcc) + forms.indexOf(width), width, BigInt(value));
}

/** A first byte, then `value` in `width` bytes, two's complement. */
export function big(first: number, width: number, value: bigint): Buffer {
  const hex = BigInt.asUintN(8 * width, value).toString(16);
  return Buffer.concat([Buffer.of(first), Buffer.from(hex.padStart(2 * width, '0'), 'hex')]);
}

/** What a decoder must make of one well-formed value at `at`, and where it ends. */
export function read(bytes: Uint8Array, at = 0): { value: unknown; end: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = view.readUInt8(at);
  if (first < 0x80) {
    return { value: first, end: at + 1 };
  }
  if (first >= 0xe0) {
    return { value: first - 256, end: at + 1 };
  }
  if (first < 0x90) {
    return readMap(bytes, at + 1, first - 0x80);
  }
  if (first < 0xa0) {
    return readArray(bytes, at + 1, first - 0x90);
  }
  if (first < 0xc0) {
    return readText(view, at + 1, first - 0xa0);
  }
  const name = NAMES[first];
  if (name === undefined) {
    throw new Error(`not of the subset: ${first}`);
  }
  if (name === 'nil' || name === 'false' || name === 'true') {
    return { value: name === 'nil' ? null : name === 'true', end: at + 1 };
  }
  const [kind, width] = name;
  const from = at + 1 + width;
  const count = Number(BigInt(`0x${view.toString('hex', at + 1, from)}`));
  if (kind === 'uint') {
    return { value: count, end: from };
  }
  if (kind === 'int') {
    return {
      value: Number(BigInt.asIntN(8 * width, BigInt(`0x${view.toString('hex', at + 1, from)}`))),
      end: from,
    };
  }
  if (kind === 'bin') {
    return { value: Uint8Array.from(view.subarray(from, from + count)), end: from + count };
  }
  if (kind === 'str') {
    return readText(view, from, count);
  }
  return kind === 'array' ? readArray(bytes, from, count) : readMap(bytes, from, count);
}

type Kind = 'bin' | 'uint' | 'int' | 'str' | 'array' | 'map';
const NAMES: Readonly<Record<number, 'nil' | 'false' | 'true' | readonly [Kind, number]>> = {
  192: 'nil',
  194: 'false',
  195: 'true',
  196: ['bin', 1],
  197: ['bin', 2],
  198: ['bin', 4],
  204: ['uint', 1],
  205: ['uint', 2],
  206: ['uint', 4],
  207: ['uint', 8],
  208: ['int', 1],
  209: ['int', 2],
  210: ['int', 4],
  211: ['int', 8],
  217: ['str', 1],
  218: ['str', 2],
  219: ['str', 4],
  220: ['array', 2],
  221: ['array', 4],
  222: ['map', 2],
  223: ['map', 4],
};

function readText(view: Buffer, from: number, length: number): { value: string; end: number } {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    view.subarray(from, from + length),
  );
  return { value: text, end: from + length };
}

function readArray(bytes: Uint8Array, from: number, count: number): { value: unknown[]; end: number } {
  const value: unknown[] = [];
  let end = from;
  for (let i = 0; i < count; i++) {
    const item = read(bytes, end);
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
}

function readMap(
  bytes: Uint8Array,
  from: number,
  count: number,
): { value: Record<string, unknown>; end: number } {
  const entries: [string, unknown][] = [];
  let end = from;
  for (let i = 0; i < count; i++) {
    const key = read(bytes, end);
    const item = read(bytes, key.end);
    entries.push([String(key.value), item.value]);
    end = item.end;
  }
  return { value: Object.fromEntries(entries), end };
}
