/** Every bound of the control socket, in sight of one another. */

/** Connections at once to the control socket: an operator with some terminals, and their scripts. */
export const MAX_CONTROL_CONNECTIONS = 16;

/**
 * Bytes of a request of the operator's: a name, a key and a reason of 256 bytes, each of which JSON may make
 * six of.
 */
export const CONTROL_REQUEST_BYTES = 4_096;

/** Bytes of an answer to the operator: the names of 400,000 people online, of 35 bytes each. */
export const CONTROL_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * How long, in ms, a connection to the control socket may take over its request, and over reading the answer.
 */
export const CONTROL_DEADLINE_MS = 5_000;

/** How long, in ms, an operator's command waits for the server: several of the longest commits. */
export const CONTROL_ANSWER_DEADLINE_MS = 30_000;
