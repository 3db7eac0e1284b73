/** Every bound of the server, in sight of one another. */

/** Links at once over all gateways: at 8 KiB for an idle one, 80 MiB. The next is refused as busy. */
export const MAX_LINKS = 10_000;

/** Gateway threads when nothing is said: beyond this the one hub thread decides how much gets done. */
export const MAX_DEFAULT_GATEWAYS = 8;

/** Gateway threads that may be asked for. */
export const MAX_GATEWAYS = 64;

/**
 * How much one link may have under way before it is read no further. A request weighs 1; one with a long answer weighs
 * {@link HEAVY_WEIGHT}. So what is on its way to a link never exceeds 256 short answers or 16 long ones: 1 MiB.
 */
export const MAX_OPEN_WEIGHT = 256;

/** Login, list, history and friends are answered with up to a whole record (64 KiB), 100 times what pay is. */
export const HEAVY_WEIGHT = 16;

/**
 * Bytes queued towards one client at which it is given up: four times what its own requests can bring, so only one who
 * lets notifications pile up unread ever gets here.
 */
export const MAX_QUEUED_BYTES = 4 * 1024 * 1024;

/** How long, in ms, a client may leave what is queued for it unread before it is given up. */
export const STALL_LIMIT_MS = 60_000;

/** How often, in ms, a gateway looks for clients that have stalled. */
export const STALL_CHECK_MS = 10_000;

/** Commands executed before one commit: bounds how long the first of them waits for its answer to some 50 ms. */
export const MAX_BATCH = 4_096;

/** People in the online list of one account view: 139 bytes each at most, so that a view fits in one record (64 KiB). */
export const MAX_LISTED = 400;

/** Bytes of a host that are shown to others: an IPv6 address (39) and its zone. */
export const MAX_HOST_BYTES = 64;

/** Requests per second that one account may go on making; the busiest script of a person makes some hundreds. */
export const REQUESTS_PER_SECOND = 2_000;

/** Requests that one account may make at once after a rest. */
export const REQUESTS_BURST = 20_000;

/** Registrations per second from one source network: each brings a welcome grant and stays forever. */
export const REGISTRATIONS_PER_SECOND = 2;

/** Registrations at once from one source network after a rest: a classroom behind one address. */
export const REGISTRATIONS_BURST = 200;

/** Buckets kept of one rate before those that are full again are swept out. */
export const MAX_IDLE_BUCKETS = 10_000;

/** How long a stop may take, in ms, before what is left is cut off: service managers kill after 10 to 90 s. */
export const STOP_DEADLINE_MS = 10_000;

/** How long the gateways may take, in ms, of that: the rest is for closing the ledger. */
export const GATEWAY_STOP_DEADLINE_MS = 8_000;
