/** Delivers all at once. */
export function* whole(all: Uint8Array): Generator<Uint8Array> {
  yield all;
}

/** Delivers byte by byte. */
export function* bytewise(all: Uint8Array): Generator<Uint8Array> {
  for (const byte of all) {
    yield Uint8Array.of(byte);
  }
}

/** Delivers pieces of 1 to `longest` bytes, the same pieces for the same seed. */
export function randomPieces(seed: number, longest: number): (all: Uint8Array) => Generator<Uint8Array> {
  const random = mulberry32(seed);
  return function* cut(all) {
    for (let at = 0; at < all.length; ) {
      const length = 1 + Math.floor(random() * longest);
      yield all.subarray(at, at + length);
      at += length;
    }
  };
}

/** Tommy Ettinger's mulberry32: numbers from 0 to 1 that a seed repeats. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
