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
 * How often a server may put off an order whose answer was lost, before its outcome is called unknown. With the pauses between
 * them that is 23 to 46 seconds: as long as somebody waits for a server that is busy or has no room on its disk. Of
 * {@link MAX_OPEN_CALLS} orders lost at once the last may be told as unknown before the rates of one account let them through.
 */
export const MAX_PUT_OFFS = 8;

/** How long a payment that the server has confirmed waits to be told by its payer too. */
export const DIRECT_GRACE_MS = 1_000;

/** How long a payer tries to reach the payee directly: connection, handshake and hello on a slow machine. */
export const DELIVERY_DEADLINE_MS = 5_000;

/** Who could not be reached for a payment is not tried again for this long: the payee is told by the server anyhow. */
export const UNREACHABLE_MS = 30_000;

/** People remembered as not reachable. */
export const MAX_UNREACHABLE = 256;

/** Payments that a peer has told and the server has not: beyond this the oldest is forgotten. */
export const MAX_UNCONFIRMED = 256;

/** Payments that wait for {@link DIRECT_GRACE_MS}: beyond this the oldest waits no longer. */
export const MAX_WAITING = 1_024;

/** Payments remembered as shown, so that a late word of the payer's is not shown as news. */
export const MAX_SHOWN = 1_024;

/** Links to peers whose name is known: beyond this the one used least recently is closed. */
export const MAX_PEER_LINKS = 64;

/** Links to one and the same peer: two, since both may dial at once. */
export const MAX_LINKS_PER_PEER = 2;

/** Links from peers who have not said who they are. Anybody can make them, so they are few. */
export const MAX_STRANGERS = 8;

/** Connections to our peer listener that are still in their handshake; from one address a fourth of that. */
export const MAX_HANDSHAKES = 32;

/** From the end of the handshake to a good hello: one round trip, and our own look-up at the server. */
export const HELLO_DEADLINE_MS = 10_000;

/** What one peer may make us hear at once after a rest: a long paste, line by line. In {@link EARSHOT_BYTES}. */
export const EARSHOT_BURST = 256;

/** What one peer may make us hear on and on: faster than anybody types, slow enough to read and to type against. */
export const EARSHOT_PER_SECOND = 10;

/** Bytes that count as one line: the longest text (4096) is as much as 16 of them. */
export const EARSHOT_BYTES = 256;

/** Peers of whom it is remembered how much they said: four times as many as have a link. */
export const MAX_EARS = 256;

/** How long a peer may take to say that they have heard us: beyond it the link is given up, and a person can go on typing. */
export const ANSWER_DEADLINE_MS = 10_000;
