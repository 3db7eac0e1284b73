/** Every bound of the two programs, in sight of one another. */

/** Lines typed before that are kept in the history file: a few weeks of commands. */
export const MAX_HISTORY_LINES = 1_000;

/** Characters of one typed line: the longest chat text (4096 bytes) and the command before it. */
export const MAX_LINE_LENGTH = 4_200;

/** Lines that wait for the command before them; a paste is longer than this only by mistake. */
export const MAX_WAITING_LINES = 10_000;

/** Names that Tab offers: more than anybody has in mind, and no more than a screen or two of them. */
export const MAX_NAMES = 512;

/**
 * How long to wait, in ms, for the server's good-bye and the end of every link before leaving without them.
 */
export const GOODBYE_DEADLINE_MS = 2_000;

/** How long the last lines, in ms, wait for a slow reader when a signal has ended the program. */
export const LAST_WORDS_DEADLINE_MS = 2_000;

/** How many edits a mistyped word may be away from what is suggested for it: more would be guessing. */
export const MAX_TYPING_ERRORS = 2;

/** Columns that are written when the width of the terminal is not known. */
export const DEFAULT_COLUMNS = 80;

/** Columns at which text is folded where the terminal has fewer: it then wraps the lines itself. */
export const MIN_COLUMNS = 20;

/** Transfers that `history` shows when nobody says how many: a screen of them. */
export const DEFAULT_HISTORY = 20;

/**
 * Bytes of what other people send that may wait for their reader before more of it is left out: a long night
 * of chat.
 */
export const MAX_UNREAD = 1024 * 1024;

/**
 * Things heard before our own login is answered that are kept until then: they come in the same packet, if at
 * all.
 */
export const MAX_EARLY = 256;

/** How often a line of progress is written anew, ms: smooth to the eye, and nothing to the terminal. */
export const PROGRESS_PAUSE_MS = 100;

/**
 * Bytes of log that may wait for their reader before requests and answers are left out of it: some 10,000 of
 * them.
 */
export const MAX_MESSAGES_WAITING = 1024 * 1024;

/** Bytes of log that may wait for their reader before anything is left out of it. */
export const MAX_LOG_WAITING = 4 * MAX_MESSAGES_WAITING;
