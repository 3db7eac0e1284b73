/** Every wait of the profile, in sight of one another. Waits are milliseconds. */

/**
 * How old the lock of a file is when whoever made it has died: a change takes some ms, on a slow network disk
 * a second.
 */
export const LOCK_LIFE_MS = 10_000;

/** The pause before it is looked again whether a file is still locked. */
export const LOCK_PAUSE_MS = 20;
