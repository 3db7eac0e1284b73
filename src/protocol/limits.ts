/**
 * Every bound of the protocol room, in sight of one another. Lengths of text are bytes of UTF-8, since that
 * is what costs memory and room in a record.
 */

/**
 * Bytes of one message: the largest padded record (65519) without its 3-byte header. A message never spans
 * records.
 */
export const MAX_MESSAGE_BYTES = 65_516;

/** Containers within one another, the message's own array counted. The deepest message of ours has 4. */
export const MAX_DEPTH = 8;

/**
 * Keys of one map. Keys are compared pair by pair, so this bounds the work at 32 comparisons a byte. Ours
 * have at most 7.
 */
export const MAX_MAP_KEYS = 64;

/** A message id is a u32. */
export const MAX_ID = 0xffff_ffff;

/**
 * Characters, which are bytes, of a person's name: long enough to be somebody, short enough for a line of a
 * list.
 */
export const MAX_NAME_LENGTH = 32;

/** Bytes of a public key (X25519). */
export const KEY_BYTES = 32;

/** Bytes of an order's id, room for a UUID. */
export const ORDER_ID_BYTES = 16;

/** Bytes of a memo: a hundred transfers with the longest memo (403 bytes each) fit in one record. */
export const MAX_MEMO_BYTES = 256;

/** Transfers in one answer to `history`, and how many there are when the request does not say. */
export const MAX_HISTORY = 100;

/** Bytes of one chat line, and of a server's `kicked` or `notice` text. */
export const MAX_TEXT_BYTES = 4096;

/** Bytes of `agent` in the handshake payload, which is read before the remote is known to be anybody. */
export const MAX_AGENT_BYTES = 64;

/** Characters of a `host`: as long as a domain name may be; an address has at most 45, and a zone. */
export const MAX_HOST_LENGTH = 255;

/** The largest TCP port. */
export const MAX_PORT = 65_535;

/** Bytes of a currency's name: it is shown after every amount. */
export const MAX_CURRENCY_BYTES = 32;

/** Decimals of a currency: 10^15 is the last power of ten among the safe integers. */
export const MAX_SCALE = 15;

/** The TCP port where a server listens and a client dials unless told otherwise. */
export const DEFAULT_PORT = 1960;
