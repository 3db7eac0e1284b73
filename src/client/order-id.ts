import { randomBytes } from 'node:crypto';

let lastMs = 0;
let counter = 0;

/**
 * A new id for an order: a UUIDv7 (RFC 9562 5.7) as 16 bytes, later ones sorting after earlier ones, so that
 * the ledger's index grows at its end.
 *
 * | bytes | meaning |
 * |---|---|
 * | 0-5 | ms since 1970 |
 * | 6-7 | version 7 (4 bits), counter within the ms (12 bits; RFC 9562 6.2 method 1) |
 * | 8-15 | variant 10 (2 bits), random (62 bits) |
 *
 * @example
 * ```ts
 * import { newOrderId } from 'farthing';
 *
 * const id = newOrderId();
 * const first = await wallet.pay('bob', 500, { id });
 * const again = await wallet.pay('bob', 500, { id }); // the same order: it is not paid twice
 * console.log(again.transfer.seq === first.transfer.seq); // true
 * ```
 */
export function newOrderId(now: number = Date.now()): Uint8Array {
  // A clock that stands still or goes back counts on; a full counter borrows the next millisecond.
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const id = randomBytes(16);
  id.writeUIntBE(lastMs, 0, 6);
  id.writeUInt16BE(0x7000 | counter, 6);
  id.writeUInt8(0x80 | (id.readUInt8(8) & 0x3f), 8);
  return new Uint8Array(id);
}
