/**
 * The limits of the ledger, all in sight of one another.
 *
 * Amounts and balances are integers in minor units (scale 2: 1250 is 12.50).
 */

/** Largest amount, balance and circulation, minor units: beyond 2^53-1 a JavaScript number is not exact. */
export const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;

/** Bytes of an order's id: a UUID. */
export const ID_BYTES = 16;

/**
 * Bytes of a memo in UTF-8: a hundred transfers with such memos, one page of history, still fit one record.
 */
export const MAX_MEMO_BYTES = 256;

/** Characters of an account's name: what the protocol allows (its README, 3). */
export const MAX_NAME_LENGTH = 32;

/** Bytes of an account's key: X25519. */
export const KEY_BYTES = 32;

/** Transfers in one page of history: what fits one record. */
export const MAX_HISTORY = 100;

/**
 * Friends and requests, either way, of one account: 500 entries of at most 64 bytes fit one record of 65,516,
 * with room to spare.
 */
export const MAX_FRIENDS = 500;

/**
 * Unanswered requests from others to one account. Half of `MAX_FRIENDS`, so that a crowd of strangers cannot
 * use up the places that a person needs for asking and accepting.
 */
export const MAX_REQUESTS = 250;

/** Accounts of one ledger: all are held in memory, at about 0.6 KiB each. */
export const MAX_ACCOUNTS = 1_000_000;

/** Of books of which nothing is said. */
export const DEFAULT_CURRENCY = { name: 'dollars', scale: 2 };

/**
 * Decimals of the currency: with more, the default grant would use up `MAX_AMOUNT` after too few accounts.
 */
export const MAX_SCALE = 6;

/** Bytes of the currency's name in UTF-8: it stands in every account view, and clients read no longer one. */
export const MAX_CURRENCY_BYTES = 32;

/** Problems in one audit report: the first ones say what is wrong, and a broken file could have millions. */
export const MAX_PROBLEMS = 100;

/** Transfers that an audit has in memory at a time: about 300 KiB. */
export const AUDIT_SLICE = 1000;

/**
 * How many transfers of an account there are to one milestone: a page of history walks over at most so many
 * rows that are not on it, and only one in so many transfers writes somewhere in the middle of a table. The
 * schema holds what it implies, so that changing it takes a migration.
 */
export const MILESTONE_INTERVAL = 64;

/** Orders that one statement looks for: as many as a busy client has in flight. */
export const ORDERS_PER_STATEMENT = 64;

/** How often an operator's shell looks whether a server has the books, when their log looks broken. */
export const LOCK_LOOKS = 10;

/** How long it waits between two looks, ms: others who only look have the lock for less. */
export const LOCK_PAUSE_MS = 50;

/**
 * How long a commit waits for an operator's shell that is writing, ms: the whole server stands still
 * meanwhile.
 */
export const BUSY_TIMEOUT_MS = 1000;

/**
 * KiB of the database that SQLite keeps in memory: the accounts of a large community, the upper levels of
 * every index and the pages at the end of the ledger. What is not kept comes from the operating system's
 * cache.
 */
export const PAGE_CACHE_KIB = 16 * 1024;

/**
 * Pages of 4 KiB in SQLite's write-ahead log before a commit copies them into the file: 12 MiB. The accounts
 * that are written in each commit are then copied a third as often as with SQLite's own 1000, for a wait no
 * longer than that of one large batch; with 10,000 it becomes longer and nothing is gained.
 */
export const CHECKPOINT_PAGES = 3000;

/** Bytes to which SQLite's write-ahead log is cut back, once a reader who stayed long has made it grow. */
export const MAX_IDLE_WAL_BYTES = 16 * 1024 * 1024;

/**
 * Bytes of a ledger that SQLite checks at the start: those of 1.5 million transfers, for which it takes half
 * a second.
 */
export const MAX_START_CHECK_BYTES = 128 * 1024 * 1024;

/**
 * Pages of 4 KiB that a copy reads in one step: 4 MiB, some milliseconds between two moments at which it can
 * be ended.
 */
export const COPY_STEP_PAGES = 1024;

/**
 * Pages of a copy after which it waits for the disk: 64 MiB. What had gathered until the end would be written
 * in one go, and the commits of a server beside it would have to wait for that.
 */
export const COPY_FLUSH_PAGES = 16 * 1024;

/** How often a resting ledger is read again from the beginning, because a server has started meanwhile. */
export const MAX_READINGS = 3;
