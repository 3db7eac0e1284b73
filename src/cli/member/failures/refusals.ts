/** Failures that others decided: the server, or the person asked for. */
import type { PeerRefusedError, PeerUnreachableError, RefusedError } from '../../../client/index.ts';
import type { ErrorName } from '../../../protocol/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import type { Failure } from '../../shell/failure.ts';
import { refusalMeaning } from '../../text/words.ts';
import { told, type Where } from './told.ts';

/** The server refused: its own number, name and text, and what to do next where those do not say. */
export function refused({ code, symbol: name, message: text }: RefusedError, where: Where): Failure {
  const meaning = refusalMeaning(name);
  return {
    status: name === 'AUTH_FAIL' ? EXIT.notAuthenticated : EXIT.refused,
    code,
    isRemote: true,
    name,
    text,
    ...(meaning === undefined ? {} : { meaning }),
    advice: Object.hasOwn(REFUSAL_ADVICE, name) ? REFUSAL_ADVICE[name as ErrorName](where) : [],
  };
}

const none = (): readonly string[] => [];

const REFUSAL_ADVICE: Readonly<Record<ErrorName, (where: Where) => readonly string[]>> = {
  NAME_TAKEN: none,
  AUTH_FAIL: ({ server, account }) => [
    `${account ?? 'The account of this profile'} is not registered at ${server}, or belongs to another key there.`,
  ],
  WRONG_STATE: none,
  PAYEE_UNKNOWN: none,
  PAYEE_OFFLINE: none,
  INSUFFICIENT_FUNDS: none,
  BAD_AMOUNT: none,
  ID_REUSED: none,
  PAYEE_SELF: none,
  BAD_REQUEST: none,
  TOO_MANY: none,
  INTERNAL: () => [
    'Something is wrong at the server, and this time nothing was done. Its log tells its operator what.',
  ],
};

type UnreachableCode = PeerUnreachableError['code'];

/** There is no link to the person asked for, and none could be made. */
export function unreachablePeer({ code, peer, message }: PeerUnreachableError): Failure {
  const name = code === 'offline' ? 'PEER_OFFLINE' : 'PEER_UNREACHABLE';
  return told(EXIT.refused, name, UNREACHABLE_TEXTS[code](peer, message), UNREACHABLE_ADVICE[code]);
}

const UNREACHABLE_TEXTS: Readonly<Record<UnreachableCode, (peer: string, message: string) => string>> = {
  offline: (peer) => `${peer} is not online`,
  no_peer_links: (peer, message) => `${peer} ${message}`,
  unreachable: (peer, message) => `${peer} ${message}`,
  too_many: (_, message) => message,
};

const UNREACHABLE_ADVICE: Readonly<Record<UnreachableCode, readonly string[]>> = {
  offline: [],
  no_peer_links: ['Direct links are taken at the prompt, and by "farthing listen".'],
  unreachable: [
    'Their machine may let no connection in. Payments need none: they reach everybody who is online.',
  ],
  too_many: ['Try again when some of them have ended.'],
};

/** The person asked for refused. */
export function peerRefused({ peer, message, symbol }: PeerRefusedError): Failure {
  return told(EXIT.refused, 'PEER_REFUSED', `${peer} ${message}`, [
    symbol === 'TOO_MANY'
      ? 'Try again in a while.'
      : 'Nothing was said. Their program may be another version.',
  ]);
}
