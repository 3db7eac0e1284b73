/**
 * Every size, count and wait of a link, in sight of one another.
 * Sizes are bytes, waits are milliseconds.
 */

/** Noise 3: a Noise message has at most 65,535 bytes, all that the `u16` length of a frame can say. */
export const MAX_FRAME = 65_535;

/** RFC 8439 2.8: the Poly1305 tag at the end of each sealed frame. */
export const TAG_LENGTH = 16;

/** The largest record: a frame less its tag. */
export const MAX_RECORD = MAX_FRAME - TAG_LENGTH;

/** The record header: kind (1), body length (2). */
export const RECORD_HEADER = 3;

/** The largest body, and so the largest message: a message never spans records. */
export const MAX_MESSAGE = MAX_RECORD - RECORD_HEADER;

/** The smallest sealed frame: a record header and a tag. */
export const MIN_SEALED_FRAME = RECORD_HEADER + TAG_LENGTH;

/** What we hold for one who is not authenticated: four times what the larger suite needs. */
export const MAX_HANDSHAKE_FRAME = 4_096;

/** What is left for our own payload in message 2 of the larger suite (1,200 bytes of its own). */
export const MAX_PAYLOAD = MAX_HANDSHAKE_FRAME - 1_200;

/** Both ends rekey a direction after this many of its records: at most 64 MiB under one key. */
export const REKEY_INTERVAL = 1_024;

/**
 * From the connection to its first byte: an initiator speaks at once, so this is one round trip on a bad
 * line.
 */
export const FIRST_BYTE_TIMEOUT_MS = 5_000;

/**
 * From the connection to the end of the handshake: two round trips on a bad line, and room for a slow
 * machine.
 */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Answers to PING in one write: one who asks without reading must not fill our memory; the others follow when
 * these have left.
 */
export const MAX_PONGS = 256;

/**
 * Silence after which a side sends PING: below the 30 s after which the hastiest middleboxes forget a flow.
 */
export const PING_AFTER_MS = 20_000;

/** Silence after which the other side is taken for dead: three unanswered PINGs. */
export const IDLE_LIMIT_MS = 60_000;

/**
 * From the first byte of a frame to its last: 64 KiB in it are 2 KiB/s. A sender that is slower is given up.
 */
export const FRAME_TIMEOUT_MS = 30_000;

/** How long the side that has sent CLOSE waits for the other's. */
export const CLOSE_TIMEOUT_MS = 5_000;

/**
 * How long the bytes of one who was refused are read and dropped, so that the refusal is not lost to a reset.
 */
export const LINGER_MS = 1_000;

/** The coarse clock that all links share: no link has a timer of its own. */
export const TICK_MS = 1_000;

/** Slots of its wheel: a few more than the longest wait of a link has ticks. */
export const WHEEL_TICKS = 64;

/**
 * Steps of handshakes, each some 0.1 to 0.4 ms of cryptography, that one turn of the event loop may do at
 * most; and no more than {@link STEP_SHARE} allows, but one at least.
 */
export const MAX_STEPS_PER_TURN = 8;

/**
 * How long the steps of one turn may take, as a part of the rest of the turn: a request over a link waits for
 * both. With 1, `list` in a flood of handshakes took 3 to 4 times as long as without one, with 1/4 2 to 3
 * times, seldom more, and as many handshakes were done (`bench/flood.ts`).
 */
export const STEP_SHARE = 1 / 4;

/**
 * How long handshakes wait for an answer that a link is about to get: it takes 0.3 ms, or 1 ms when all is
 * busy.
 */
export const STEP_GRACE_MS = 1;

/**
 * How long they wait for that in a row: links that ask all the time leave them an eighth of the time, or
 * more.
 */
export const MAX_STEP_WAIT_MS = 2;

/**
 * Connections that the system holds until a listener takes them: a second's worth. Beyond that it does not
 * answer, and whoever connects tries again after a second, and then after two. Systems lower it to what they
 * allow, as a rule to this.
 */
export const BACKLOG = 4_096;

/**
 * Handshakes under way at a listener below which every connection is taken: a rush of members after a
 * restart.
 */
export const OPENINGS_LOW = 1_024;

/**
 * Handshakes under way above which none is taken; from the lower mark on chance decides. At 4 KiB each, 8
 * MiB.
 */
export const OPENINGS_HIGH = 2_048;

/**
 * Handshakes under way from one source network: a fourth of the lower mark, so that one alone shuts nobody
 * out.
 */
export const MAX_OPENINGS_PER_SOURCE = 256;

/**
 * Counters in a row of the count-min sketch of sources. Twelve thousand connections of as many sources put
 * one or two into each, which is far from any limit; and two sources that share a counter in one row hardly
 * do in the other. 128 KiB a thread.
 */
export const SOURCE_COUNTS_WIDTH = 8_192;

/** How long a listener waits for another that is about to listen on the same port. */
export const PORT_CLAIM_TIMEOUT_MS = 5_000;

/** The pause before it looks again. */
export const PORT_CLAIM_PAUSE_MS = 20;

/**
 * Bytes of body at which a record is full, unless one message has more: its padded length is then 16 KiB. It
 * is sealed and opened within the processor's nearest cache; four times as much in one record took half as
 * long again.
 */
export const FULL_BODY = 16 * 1024 - RECORD_HEADER;

/**
 * Bytes of the memory in which a link puts its records together, to begin with: a turn's answers to one
 * client.
 */
export const OUTPUT_SIZE = 4 * 1024;

/** Bytes of it above which it is let go after a burst: four of the largest records. */
export const MAX_OUTPUT_KEPT = 256 * 1024;

/**
 * Bytes put together at which a link does not wait for the end of the turn: the other end can begin to read.
 */
export const FLUSH_AT = 128 * 1024;

/**
 * Bytes of a write whose memory is worth a callback to have it back: below that it is cheaper to leave it to
 * the socket.
 */
export const MEMORY_WORTH_WAITING = 32 * 1024;

/**
 * How many of these a thread keeps: links that send in the same turn. At most 16 MiB, and 256 KiB as a rule.
 */
export const MAX_OUTPUTS_KEPT = 64;

/** Bytes queued towards the socket above which `send` says false: sixteen of the largest records. */
export const HIGH_WATER = 1 << 20;

/** Bytes queued towards the socket at which the reader is too slow to keep: the link ends. */
export const MAX_QUEUED = 16 << 20;
