/** Every bound of the server, in sight of one another. */

/**
 * Links at once over all gateways, if nothing is said: at 8 KiB for an idle one, 80 MiB. The next is refused
 * as busy.
 */
export const MAX_LINKS = 10_000;

/** Links that may be asked for: ten times as many, which a process's memory and descriptors still hold. */
export const MOST_LINKS = 100_000;

/**
 * The part of them, one in so many, that one source network may have if nothing is said. A campus or a
 * carrier puts up to a thousand members behind one IPv4 address, and each has one link; and one hostile
 * address leaves nine tenths to others.
 */
export const SHARE_PER_ADDRESS = 10;

/** What one source network may have in any case: a club whose members all sit behind one router. */
export const MIN_LINKS_PER_ADDRESS = 100;

/** File descriptors that are not connections: the books, threads, the listeners, metrics, a backup. */
export const SPARE_DESCRIPTORS = 128;

/** How often, in ms, the server looks whether there are file descriptors left. */
export const DESCRIPTOR_CHECK_MS = 1_000;

/** How often, in ms, the same warning of a gateway is repeated at most. */
export const WARNING_PAUSE_MS = 60_000;

/**
 * Gateways that are started again, over {@link RESTART_PERIOD_MS}: more is no accident, and the server stops.
 */
export const MAX_RESTARTS = 5;

/** In ms. */
export const RESTART_PERIOD_MS = 60_000;

/** Gateway threads when nothing is said: beyond this the one hub thread decides how much gets done. */
export const MAX_DEFAULT_GATEWAYS = 8;

/** Gateway threads that may be asked for. */
export const MAX_GATEWAYS = 64;

/**
 * How much one link may have under way before it is read no further. A request weighs 1; one with a long
 * answer weighs {@link HEAVY_WEIGHT}. So what is on its way to a link never exceeds 256 short answers or 16
 * long ones: 1 MiB.
 */
export const MAX_OPEN_WEIGHT = 256;

/**
 * The weight of a request for one of the heavy methods: the answer may fill a record (64 KiB), 100 times what
 * pay is.
 */
export const HEAVY_WEIGHT = 16;

/**
 * Messages of one link after which the next are read in the next turn of the event loop: notifications have
 * no answer that could hold them back, and a record has room for ten thousand of them.
 */
export const MAX_READ_AT_ONCE = 256;

/**
 * The young generation of each thread's heap, MiB. A larger one is faster by a little; it never shrinks again
 * after a flood of connections, so that 10,000 of them would leave a third more memory in use than before.
 */
export const YOUNG_GENERATION_MIB = 12;

/**
 * Connections that have ended on one gateway after which their garbage is collected: about 10 MiB. It takes
 * some 100 ms.
 */
export const COLLECT_AFTER_CONNECTIONS = 2_000;

/**
 * It is collected only when fewer than these have ended since the last look, {@link STALL_CHECK_MS} ago: the
 * flood is over.
 */
export const QUIET_CONNECTIONS = 100;

/**
 * Bytes queued towards one client at which it is given up: four times what its own requests can bring, so
 * only one who lets notifications pile up unread ever gets here.
 */
export const MAX_QUEUED_BYTES = 4 * 1024 * 1024;

/** How long, in ms, a client may leave what is queued for it unread before it is given up. */
export const STALL_LIMIT_MS = 60_000;

/** How often, in ms, a gateway looks for clients that have stalled. */
export const STALL_CHECK_MS = 10_000;

/**
 * Commands executed before one commit: bounds how long the first of them waits for its answer to some 50 ms.
 */
export const MAX_BATCH = 4_096;

/**
 * People in the online list of one account view: 139 bytes each at most, so that a view fits in one record
 * (64 KiB).
 */
export const MAX_LISTED = 400;

/**
 * Bytes that must be free on the disk of the books before they may grow: the write-ahead log and its copy
 * into the ledger (32 MiB), and as much again for the operator who has to put things right on that disk.
 */
export const MIN_FREE_BYTES = 64 * 1024 * 1024;

/**
 * On a disk of less than 640 MiB, the part of it that must be free instead, so that a small one can be used
 * at all.
 */
export const MIN_FREE_PART = 1 / 10;

/** How often, in ms, the free space is looked at: in one second payments take at most 20 MiB. */
export const FREE_SPACE_CHECK_MS = 1_000;

/**
 * How long a stop may take, in ms, before what is left is cut off: with the last words of the program (2 s)
 * it has ended within 10 s, the least that service managers wait before they kill.
 */
export const STOP_DEADLINE_MS = 8_000;

/**
 * How long the gateways may take, in ms, of that: what a link waits for the other side's CLOSE (5 s), and a
 * little. The rest is for the operator's last commands and for closing the ledger.
 */
export const GATEWAY_STOP_DEADLINE_MS = 5_500;

/**
 * How long, in ms, a scrape of the metrics waits for a thread that is busy: Prometheus itself waits for 10 s.
 */
export const READING_DEADLINE_MS = 1_000;

/** Connections at once to the metrics: some Prometheus servers, and a person with a browser. */
export const MAX_SCRAPERS = 8;

/** How long, in ms, a connection to the metrics may be silent, or take over its request. */
export const SCRAPE_TIMEOUT_MS = 5_000;

/** Bytes of a request's headers: Prometheus sends some 300. */
export const SCRAPE_HEADER_BYTES = 8_192;

/**
 * How long a stop waits, in ms, for the answers to the operator's commands, before it begins with anything
 * else.
 */
export const CONTROL_STOP_DEADLINE_MS = 1_000;
