/**
 * Every bound and wait of the wallet, in sight of one another. Waits are milliseconds.
 */

/** Requests to the server that wait for their answers; a server reads on only as it answers. */
export const MAX_OPEN_CALLS = 16_384;

/** Requests to one peer that wait for their answers: lines of a chat. */
export const MAX_OPEN_PEER_CALLS = 256;

/** The first pause before coming back to a lost server: a restart of it is over by then, more or less. */
export const FIRST_PAUSE_MS = 250;

/** The longest pause between two attempts: a person is still there to see it succeed. */
export const LONGEST_PAUSE_MS = 15_000;

/** A link that held this long was a good one: when it breaks, the pauses begin again with the first. */
export const STABLE_LINK_MS = 10_000;

/**
 * How often an order whose answer was lost is asked again of a server that is too busy for it, before its
 * outcome is called unknown. With the pauses between them that is 23 to 46 seconds: as long as somebody waits
 * for a server that is busy or whose disk is full. Of {@link MAX_OPEN_CALLS} orders lost at once the last may
 * be told as unknown before the rates of one account let them through.
 */
export const MAX_ORDER_RETRIES = 8;

/** How long a payment that the server has confirmed waits to be told by its payer too. */
export const DIRECT_GRACE_MS = 1_000;

/** How long a payer tries to reach the payee directly: connection, handshake and hello on a slow machine. */
export const DELIVERY_DEADLINE_MS = 5_000;

/**
 * Who could not be reached for a payment is not tried again for this long: the payee is told by the server
 * anyhow.
 */
export const UNREACHABLE_MS = 30_000;

/** People remembered as not reachable. */
export const MAX_UNREACHABLE_PEERS = 256;

/** Payments that a peer has told and the server has not: beyond this the oldest is forgotten. */
export const MAX_UNCONFIRMED_PAYMENTS = 256;

/** Payments that wait for {@link DIRECT_GRACE_MS}: beyond this the oldest waits no longer. */
export const MAX_WAITING_PAYMENTS = 1_024;

/** Payments remembered as shown, so that what their payer says of them later is not shown as a new one. */
export const MAX_SHOWN_PAYMENTS = 1_024;

/** Links to peers whose name is known: beyond this the one used least recently is closed. */
export const MAX_PEER_LINKS = 64;

/** Links to one and the same peer: two, since both may dial at once. */
export const MAX_LINKS_PER_PEER = 2;

/** Links from peers whose name is not verified yet. Anybody can make them, so they are few. */
export const MAX_UNVERIFIED_LINKS = 8;

/** Connections to our peer listener that are still in their handshake; from one address a fourth of that. */
export const MAX_HANDSHAKES = 32;

/** From the end of the handshake to a good hello: one round trip, and our own look-up at the server. */
export const HELLO_DEADLINE_MS = 10_000;

/**
 * Lines that one peer may have us show at once after a pause: a long paste. In units of {@link
 * PEER_QUOTA_LINE_BYTES}.
 */
export const PEER_QUOTA_BURST = 256;

/**
 * Lines a second that one peer may have us show all the time: faster than anybody types, slow enough to type
 * against.
 */
export const PEER_QUOTA_PER_SECOND = 10;

/** Bytes that count as one line: the longest text (4096) counts as 16 of them. */
export const PEER_QUOTA_LINE_BYTES = 256;

/** Peers of whom it is remembered how much they said: four times as many as have a link. */
export const MAX_PEER_QUOTAS = 256;

/** How long a peer may take to answer: beyond it the link is given up, and a person can go on typing. */
export const ANSWER_DEADLINE_MS = 10_000;
