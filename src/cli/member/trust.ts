import { fetchServerKey } from '../../client/index.ts';
import type { KnownServers } from '../../profile/index.ts';
import { type Address, formatEndpoint } from '../../protocol/index.ts';
import { type AskPerson, saysYes } from '../shell/question.ts';
import { fingerprint } from '../text/fingerprint.ts';
import { FirstContactError, OtherKeyGivenError } from './failures/errors.ts';
import type { ClientOptions } from './options.ts';

interface Contact {
  readonly address: Address;
  readonly known: KnownServers;
  readonly options: ClientOptions;
  /** Undefined when nobody can be asked. */
  readonly ask: AskPerson | undefined;
  readonly note: (line: string) => void;
}

/** The key (32 bytes) that the server must prove to hold, and whether it has yet to be remembered. */
export interface EstablishedKey {
  readonly key: Uint8Array;
  readonly isNew: boolean;
}

/**
 * Which key the server must have: the pinned one, else the one known from before, else the one it shows now,
 * if that is accepted.
 * @throws OtherKeyGivenError when the pinned key is not the one known, FirstContactError when nobody accepted
 * the key
 */
export async function establishKey(contact: Contact): Promise<EstablishedKey> {
  const { host, port, key: pinned } = contact.address;
  const known = await contact.known.find(host, port);
  if (known === undefined) {
    return { key: pinned ?? (await acceptFirstContact(contact)), isNew: true };
  }
  if (pinned !== undefined && !Buffer.from(pinned).equals(known)) {
    throw new OtherKeyGivenError(formatEndpoint(host, port), known, pinned);
  }
  return { key: known, isNew: false };
}

/**
 * The server was never seen before: a person, or `--yes` in their place, says whether its key is the right
 * one.
 */
async function acceptFirstContact({ address, options, ask, note }: Contact): Promise<Uint8Array> {
  const endpoint = formatEndpoint(address.host, address.port);
  const key = await fetchServerKey(address.host, address.port, { suite: options.suite });
  if (options.yes) {
    note(`Trusting ${endpoint} from now on. Its key is ${fingerprint(key)}`);
    return key;
  }
  if (ask === undefined) {
    throw new FirstContactError(endpoint, key);
  }
  const question = [
    `${endpoint} was never seen before. Its key is`,
    `  ${fingerprint(key)}`,
    'Its operator can tell you whether that is right: farthing-server shows it when it starts.',
    'Trust it from now on? (yes/no) ',
  ].join('\n');
  if (!(await saysYes(ask, question))) {
    throw new FirstContactError(endpoint, key);
  }
  return key;
}
