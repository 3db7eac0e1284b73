/**
 * What each error means for who runs `farthing`: the exit status, what happened and why, and what to do next.
 */
import type { BusyError, NotConnectedError, PeerPortError, WalletError } from '../../../client/index.ts';
import type { LinkError } from '../../../link/index.ts';
import type { ProfileError } from '../../../profile/index.ts';
import type { UsageError } from '../../shell/arguments.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { type Failure, usageFailure } from '../../shell/failure.ts';
import type { MemberError, NotAuthenticatedError, NotRememberedError } from './errors.ts';
import { noLink } from './no-link.ts';
import { peerRefused, refused, unreachablePeer } from './refusals.ts';
import { givenKeyWrong, knownKeyWrong, otherKeyGiven, unknownServer } from './server-keys.ts';
import { causeCode, causeText, told, type Where } from './told.ts';
import { interruptedOrder, unknownOutcome, withEarlierOrder } from './unknown-outcome.ts';

/** Every error that is expected. A new class in one of these has to have a row below. */
type ExpectedError = UsageError | ProfileError | MemberError | WalletError | LinkError;

type Explanations = {
  readonly [Name in ExpectedError['name']]: (
    error: Extract<ExpectedError, { readonly name: Name }>,
    where: Where,
  ) => Failure;
};

const EXPLANATIONS: Explanations = {
  // Found out on this side.
  UsageError: usageFailure,
  ProfileError: (error) => told(EXIT.usage, 'FILE', error.message, [causeText(error)]),
  NotRememberedError: notRemembered,
  NotAuthenticatedError: notAuthenticated,
  FirstContactError: unknownServer,
  OtherKeyGivenError: otherKeyGiven,
  GivenKeyError: givenKeyWrong,
  PeerPortError: portUnusable,
  InterruptedError: interruptedOrder,
  // What came of asking.
  RefusedError: refused,
  PeerUnreachableError: unreachablePeer,
  PeerRefusedError: peerRefused,
  OutcomeUnknownError: unknownOutcome,
  WrongServerKeyError: knownKeyWrong,
  LinkError: noLink,
  NotConnectedError: notConnected,
  BusyError: notConnected,
};

/**
 * The error as one failure. `server`: HOST:PORT, and `account`: whose it is about, where they are known.
 * `order`: the id (16 bytes) of one that may have been asked before.
 */
export function explain(error: unknown, server?: string, account?: string, order?: Uint8Array): Failure {
  const where: Where = { server: server ?? 'the server', account };
  const failure = isExpected(error) ? explainExpected(error, where) : fault(error);
  return withEarlierOrder(failure, order);
}

function isExpected(error: unknown): error is ExpectedError {
  return error instanceof Error && Object.hasOwn(EXPLANATIONS, error.name);
}

function explainExpected<Name extends ExpectedError['name']>(
  error: Extract<ExpectedError, { readonly name: Name }>,
  where: Where,
): Failure {
  const explanation: Explanations[Name] = EXPLANATIONS[error.name as Name];
  return explanation(error, where);
}

function notRemembered({ account, remedy, cause }: NotRememberedError): Failure {
  const reason = cause instanceof Error ? [cause.message, causeText(cause)] : [];
  return told(
    EXIT.unwritten,
    'FILE',
    `the server has done it, but the profile could not remember that it speaks for ${account}`,
    [...reason, `When that is put right: ${remedy}`],
  );
}

function notAuthenticated({ message, remedy }: NotAuthenticatedError): Failure {
  return told(EXIT.notAuthenticated, 'NO_ACCOUNT', message, [`Take a name first: ${remedy}`]);
}

function portUnusable(error: PeerPortError): Failure {
  return told(EXIT.usage, 'PORT', `${error.message}${causeCode(error)}`, [
    'Choose another port, or 0: then the system chooses.',
  ]);
}

function notConnected({ message }: NotConnectedError | BusyError, { server }: Where): Failure {
  return told(EXIT.noConnection, 'NO_CONNECTION', `${message} (${server})`, []);
}

/** Something that nobody foresaw. */
function fault(error: unknown): Failure {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return told(EXIT.fault, 'FAULT', `a fault in farthing itself: ${text}`, [
    'Please report it, with what you did before. FARTHING_DEBUG=1 shows where it happened.',
  ]);
}
