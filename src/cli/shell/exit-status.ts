/** What a program tells its caller when it ends. Scripts branch on these: they never change meaning. */
export const EXIT = {
  done: 0,
  /** The server, or the person asked for, said no. Nothing was done. */
  refused: 1,
  /** Wrong usage, or something on this machine that has to be put right first. Nothing was asked. */
  usage: 2,
  /** No connection to the server. */
  noConnection: 3,
  /** Not registered, or not with this key. */
  notAuthenticated: 4,
  /** The server's key is not the one known. */
  wrongServerKey: 5,
  /** The link broke before the answer: it may have been done, or not. */
  outcomeUnknown: 6,
  /** A fault of this program (EX_SOFTWARE of sysexits.h). */
  fault: 70,
  /** All went well, but the answer, or the profile, could not be written (EX_IOERR of sysexits.h). */
  unwritten: 74,
  /** 128 + SIGHUP, as a shell reports it. */
  hungUp: 129,
  /** 128 + SIGINT. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** The signals that ask a program to end, and the status with which it then does. */
export const SIGNAL_STATUS = {
  SIGHUP: EXIT.hungUp,
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
} as const;

export type EndingSignal = keyof typeof SIGNAL_STATUS;

export const ENDING_SIGNALS = Object.keys(SIGNAL_STATUS) as readonly EndingSignal[];

/** Has a signal ended the program? */
export function isSignalled(status: ExitStatus): boolean {
  return Object.values<ExitStatus>(SIGNAL_STATUS).includes(status);
}
