/** Every bound of the hub, in sight of one another: how often who may ask, and what is shown of whom. */

/** Bytes of a host that are shown to others: an IPv6 address (39) and its zone. */
export const MAX_HOST_BYTES = 64;

/**
 * Requests per second that one account may go on making; the busiest script of a person makes some hundreds.
 */
export const REQUESTS_PER_SECOND = 2_000;

/** Requests that one account may make at once after a rest. */
export const REQUESTS_BURST = 20_000;

/**
 * Payments per second that one account may go on making: each is kept forever. A shop's till makes one in
 * some seconds.
 */
export const PAYMENTS_PER_SECOND = 500;

/** Payments that one account may make at once after a rest: a payroll of some thousand. */
export const PAYMENTS_BURST = 10_000;

/** Failed logins per second from one source network: names cannot be guessed at any speed that is of use. */
export const FAILED_LOGINS_PER_SECOND = 1;

/**
 * Failed logins at once after a rest: a classroom in which everybody mistypes once. Beyond that the link
 * ends.
 */
export const FAILED_LOGINS_BURST = 100;

/** How often a second it is news to one person that another asks to be friends; to ask is always allowed. */
export const FRIEND_NEWS_PER_SECOND = 1 / 30;

/** How often at once after a rest: asked, taken back by mistake, asked again. */
export const FRIEND_NEWS_BURST = 3;

/** Registrations per second from one source network: each brings a welcome grant and stays forever. */
export const REGISTRATIONS_PER_SECOND = 2;

/** Registrations at once from one source network after a rest: a classroom behind one address. */
export const REGISTRATIONS_BURST = 200;
