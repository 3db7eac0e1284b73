/** Failures about the key of a server: what was known, what was given, and what the server has. */
import type { WrongServerKeyError } from '../../../client/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import type { Failure } from '../../shell/failure.ts';
import { fingerprint } from '../../text/fingerprint.ts';
import type { FirstContactError, GivenKeyError, OtherKeyGivenError } from './errors.ts';
import { told, type Where } from './told.ts';

/** A server that was never seen before, whose key nobody accepted. */
export function unknownServer({ endpoint, key }: FirstContactError): Failure {
  return told(
    EXIT.usage,
    'UNKNOWN_SERVER',
    `${endpoint} was never seen before, and its key was not accepted`,
    [
      `Its key is ${fingerprint(key)}`,
      'If its operator says that this is right, give it with --server-key, or trust it unseen with --yes.',
    ],
  );
}

/** The key given is not the known one: nobody was asked which of them the server has. */
export function otherKeyGiven({ endpoint, known, given }: OtherKeyGivenError): Failure {
  return wrongKey(`the key given is not the one known for ${endpoint}`, [
    `Known: ${fingerprint(known)}`,
    `Given: ${fingerprint(given)}`,
    'Nobody was contacted. Leave the key away to go on with the known one.',
    `If the operator says that the key given is right: farthing forget ${endpoint}`,
  ]);
}

/** The server does not have the key that is known for it. */
export function knownKeyWrong({ expected, seen }: WrongServerKeyError, { server }: Where): Failure {
  return wrongKey(`${server} does not have the key that is known for it`, [
    `Known: ${fingerprint(expected)}`,
    seenLine(seen),
    'Either somebody stands between you and the server, or its operator gave it a new key. Nothing was sent to it.',
    `Ask the operator, by another way than this one. Only if they say so: farthing forget ${server}`,
  ]);
}

/** A server that was never seen before does not have the key that was given for it. */
export function givenKeyWrong({ endpoint, given, seen }: GivenKeyError): Failure {
  return wrongKey(`${endpoint} does not have the key that was given for it`, [
    `Given: ${fingerprint(given)}`,
    seenLine(seen),
    'Either the key given is wrong, or somebody stands between you and the server. Nothing was sent to it.',
    'Check the key (--server-key, or in the address) with the operator, by another way than this one.',
  ]);
}

function wrongKey(text: string, advice: readonly string[]): Failure {
  return told(EXIT.wrongServerKey, 'WRONG_SERVER_KEY', text, advice);
}

function seenLine(seen: Uint8Array | undefined): string {
  return seen === undefined ? '' : `Now:   ${fingerprint(seen)}`;
}
