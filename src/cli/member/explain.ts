/** What each error means for who runs `farthing`: the exit status, what happened and why, and what to do next. */
import {
  BusyError,
  NotConnectedError,
  OutcomeUnknownError,
  PeerPortError,
  PeerRefusedError,
  PeerUnreachableError,
  RefusedError,
  WrongServerKeyError,
} from '../../client/index.ts';
import { LinkError } from '../../link/index.ts';
import { ProfileError } from '../../profile/index.ts';
import { UsageError } from '../shell/arguments.ts';
import { EXIT, type ExitStatus } from '../shell/exit-status.ts';
import { type Failure, usageFailure } from '../shell/failure.ts';
import { fingerprint, hex } from '../text/fingerprint.ts';
import { printable } from '../text/printable.ts';
import { refusalMeaning } from '../text/words.ts';
import {
  FirstContactError,
  GivenKeyError,
  InterruptedError,
  NotAuthenticatedError,
  NotRememberedError,
  OtherKeyGivenError,
} from './account-errors.ts';

/** What an error is about. */
interface Where {
  /** HOST:PORT where it is known, else words for it. */
  readonly server: string;
  readonly account: string | undefined;
}

/**
 * The error as one failure. `server`: HOST:PORT, and `account`: whose it is about, where they are known. `order`: the id
 * (16 bytes) of one that may have been given before.
 */
export function explain(error: unknown, server?: string, account?: string, order?: Uint8Array): Failure {
  const where: Where = { server: server ?? 'the server', account };
  const failure = local(error, where) ?? remote(error, where) ?? fault(error);
  if (order === undefined || !SILENT_OF_ORDERS.has(failure.status)) return failure;
  const unlearnt = `Nothing was learnt of the order ${hex(order)}, which may be asked again with the same --id.`;
  return { ...failure, advice: [...failure.advice, unlearnt] };
}

/** Where no order was asked for, and so nothing is known of one that may have been given before. */
const SILENT_OF_ORDERS: ReadonlySet<ExitStatus> = new Set([
  EXIT.noConnection,
  EXIT.notAuthenticated,
  EXIT.wrongServerKey,
]);

/**
 * What broke the link: why a wallet ended by itself, or why something that only looks had no answer. Of these no outcome is
 * unknown; of an order that was under way whoever asked for it is told by an error of its own.
 */
export function whyClosed(error: unknown): unknown {
  if (!(error instanceof OutcomeUnknownError)) return error;
  return error.cause instanceof Error
    ? error.cause
    : new NotConnectedError('the server closed the link', { cause: error });
}

/** What was found out on this side. */
function local(error: unknown, where: Where): Failure | undefined {
  if (error instanceof UsageError) return usageFailure(error);
  if (error instanceof ProfileError) return told(EXIT.usage, 'FILE', error.message, [causeOf(error)]);
  if (error instanceof NotRememberedError) return notRemembered(error);
  if (error instanceof InterruptedError) return unknownOrder(error.status, error.message, error.id, where);
  if (error instanceof PeerPortError) {
    return told(EXIT.usage, 'PORT', `${error.message}${reasonOf(error)}`, [
      'Choose another port, or 0: then the system chooses.',
    ]);
  }
  if (error instanceof NotAuthenticatedError) {
    return told(EXIT.notAuthenticated, 'NO_ACCOUNT', error.message, [`Take a name first: ${error.remedy}`]);
  }
  if (error instanceof OtherKeyGivenError) {
    const { endpoint, known, given } = error;
    return told(
      EXIT.wrongServerKey,
      'WRONG_SERVER_KEY',
      `the key given is not the one known for ${endpoint}`,
      [
        `Known: ${fingerprint(known)}`,
        `Given: ${fingerprint(given)}`,
        'Nobody was contacted. Leave the key away to go on with the known one.',
        `If the operator says that the key given is right: farthing forget ${endpoint}`,
      ],
    );
  }
  if (error instanceof FirstContactError) {
    return told(
      EXIT.usage,
      'UNKNOWN_SERVER',
      `${error.endpoint} was never seen before, and its key was not accepted`,
      [
        `Its key is ${fingerprint(error.key)}`,
        'If its operator says that this is right, give it with --server-key, or trust it unseen with --yes.',
      ],
    );
  }
  return undefined;
}

function notRemembered(error: NotRememberedError): Failure {
  const reason = error.cause instanceof Error ? [error.cause.message, causeOf(error.cause)] : [];
  return told(
    EXIT.unwritten,
    'FILE',
    `the server has done it, but the profile could not remember that it speaks for ${error.account}`,
    [...reason, `When that is put right: ${error.remedy}`],
  );
}

/** What came of asking. */
function remote(error: unknown, where: Where): Failure | undefined {
  const { server } = where;
  if (error instanceof RefusedError) return refused(error, where);
  if (error instanceof PeerUnreachableError) return unreachablePeer(error);
  if (error instanceof PeerRefusedError) {
    return told(EXIT.refused, 'PEER_REFUSED', `${error.peer} ${error.message}`, [
      error.symbol === 'TOO_MANY'
        ? 'Try again in a while.'
        : 'Nothing was said. Their program may be another version.',
    ]);
  }
  if (error instanceof OutcomeUnknownError) return unknownOutcome(error, where);
  if (error instanceof WrongServerKeyError) return wrongKey(error, server);
  if (error instanceof GivenKeyError) return wrongGivenKey(error);
  if (error instanceof LinkError) return noLink(error, server);
  if (error instanceof NotConnectedError || error instanceof BusyError) {
    return told(EXIT.noConnection, 'NO_CONNECTION', `${error.message} (${server})`, []);
  }
  return undefined;
}

function refused(error: RefusedError, where: Where): Failure {
  const { code, symbol: name, message: text } = error;
  const status = name === 'AUTH_FAIL' ? EXIT.notAuthenticated : EXIT.refused;
  const meaning = refusalMeaning(name);
  return {
    status,
    code,
    isRemote: true,
    name,
    text,
    ...(meaning === undefined ? {} : { meaning }),
    advice: refusalAdvice(name, where),
  };
}

function refusalAdvice(name: string, { server, account }: Where): string[] {
  switch (name) {
    case 'AUTH_FAIL':
      return [
        `${account ?? 'The account of this profile'} is not registered at ${server}, or belongs to another key there.`,
      ];
    case 'INTERNAL':
      return [
        'Something is wrong at the server, and this time nothing was done. Its log tells its operator what.',
      ];
    default:
      return [];
  }
}

function unreachablePeer({ code, peer, message }: PeerUnreachableError): Failure {
  const texts: Partial<Record<typeof code, string>> = {
    offline: `${peer} is not online`,
    too_many: message,
  };
  const name = code === 'offline' ? 'PEER_OFFLINE' : 'PEER_UNREACHABLE';
  const advice = UNREACHABLE_ADVICE[code];
  return told(EXIT.refused, name, texts[code] ?? `${peer} ${message}`, advice === undefined ? [] : [advice]);
}

const UNREACHABLE_ADVICE: Partial<Record<PeerUnreachableError['code'], string>> = {
  no_peer_links: 'Direct links are taken at the prompt, and by "farthing listen".',
  unreachable:
    'Their machine may let no connection in. Payments need none: they reach everybody who is online.',
  too_many: 'Try again when some of them have ended.',
};

function unknownOutcome(error: OutcomeUnknownError, where: Where): Failure {
  if (error.id !== undefined) {
    const failure = unknownOrder(EXIT.outcomeUnknown, error.why, error.id, where);
    return { ...failure, isRemote: error.cause instanceof RefusedError };
  }
  return told(EXIT.outcomeUnknown, 'OUTCOME_UNKNOWN', error.message, [
    'Asking again does no harm: at worst a text is said twice.',
  ]);
}

/** `order`: its id, 16 bytes. It is the same order only by the same account at the same server. */
function unknownOrder(
  status: ExitStatus,
  what: string,
  order: Uint8Array,
  { server, account }: Where,
): Failure {
  const id = hex(order);
  const [options, values] =
    account === undefined
      ? ['--id', `--id ${id}`]
      : ['--as, --server and --id', `--as ${account} --server ${server} --id ${id}`];
  return {
    ...told(status, 'OUTCOME_UNKNOWN', `${what}: the payment may have been made, or not`, [
      `The same order may be sent again safely with the same ${options}, and is paid once: ${values}`,
    ]),
    id,
  };
}

function wrongKey(error: WrongServerKeyError, server: string): Failure {
  const seen = error.seen === undefined ? [] : [`Now:   ${fingerprint(error.seen)}`];
  return told(
    EXIT.wrongServerKey,
    'WRONG_SERVER_KEY',
    `${server} does not have the key that is known for it`,
    [
      `Known: ${fingerprint(error.expected)}`,
      ...seen,
      'Either somebody stands between you and the server, or its operator gave it a new key. Nothing was sent to it.',
      `Ask the operator, by another way than this one. Only if they say so: farthing forget ${server}`,
    ],
  );
}

function wrongGivenKey({ endpoint, given, seen }: GivenKeyError): Failure {
  const now = seen === undefined ? [] : [`Now:   ${fingerprint(seen)}`];
  return told(
    EXIT.wrongServerKey,
    'WRONG_SERVER_KEY',
    `${endpoint} does not have the key that was given for it`,
    [
      `Given: ${fingerprint(given)}`,
      ...now,
      'Either the key given is wrong, or somebody stands between you and the server. Nothing was sent to it.',
      'Check the key (--server-key, or in the address) with the operator, by another way than this one.',
    ],
  );
}

const LINK_ADVICE: Partial<Record<LinkError['code'], string>> = {
  unreachable: 'Is it running, and is the address right? "farthing-server" starts one on this machine.',
  refused_busy: 'Try again in a while.',
  refused_suite: 'It may require the post-quantum suite: leave --suite away.',
  refused_version: 'One of the two is too old: update the older one.',
  handshake_timeout: 'Whatever answers there may not be a farthing server.',
  bad_frame: 'Whatever answers there is probably not a farthing server.',
};

function noLink(error: LinkError, server: string): Failure {
  const advice = LINK_ADVICE[error.code];
  return told(
    EXIT.noConnection,
    'NO_CONNECTION',
    `no connection to ${server}: ${error.message}${reasonOf(error)}`,
    [...(advice === undefined ? [] : [advice])],
  );
}

/** Something that nobody foresaw. */
function fault(error: unknown): Failure {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return told(EXIT.fault, 'FAULT', `a fault in farthing itself: ${text}`, [
    'Please report it, with what you did before. FARTHING_DEBUG=1 shows where it happened.',
  ]);
}

function told(status: ExitStatus, name: string, text: string, advice: readonly string[]): Failure {
  return { status, code: null, name, text, advice: advice.filter((line) => line !== '') };
}

/** The system's own code for what happened, such as ` (ECONNREFUSED)`. */
function reasonOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? ` (${printable(String(cause.code))})` : '';
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? printable(error.cause.message) : '';
}
