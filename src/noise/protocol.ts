import type { HashName } from './backend.ts';
import { basePattern, emptyLengths, type Pattern, type Token } from './patterns.ts';
import { checkValidity } from './validity.ts';

/** The full name of a protocol, such as `Noise_XX_25519_ChaChaPoly_SHA256` (Noise 8). */
export type ProtocolName = `Noise_${string}`;

/** What the name of a protocol says. */
export interface Protocol {
  readonly pattern: Pattern;
  readonly hash: HashName;
  /** Bytes of each message of the handshake when its payload is empty. */
  readonly emptyLengths: readonly number[];
}

/**
 * Noise 8.1 and 8.2: the pattern in capitals and digits, its modifiers in small letters, then the algorithms.
 */
const NAME =
  /^Noise_(?<base>[A-Z0-9]+)(?<modifiers>[a-z0-9+]*)_(?<dh>[^_]+)_(?<cipher>[^_]+)_(?<hash>[^_]+)$/;

const HASHES: readonly HashName[] = ['SHA256', 'SHA512', 'BLAKE2s', 'BLAKE2b'];

/** Those asked for so far: no more than the table makes. */
const protocols = new Map<string, Protocol>();

/**
 * The protocol of a name: every pattern of the table with any valid pre-shared keys, XX also with `hfs`;
 * X25519, or with `hfs` X25519 and ML-KEM-768; ChaChaPoly; the four hashes of Noise.
 * @throws RangeError for a name that is not valid (Noise 8) or that is not supported
 */
export function protocolOf(name: string): Protocol {
  let protocol = protocols.get(name);
  if (protocol === undefined) {
    protocol = parse(name);
    protocols.set(name, protocol);
  }
  return protocol;
}

function parse(name: string): Protocol {
  const parts = NAME.exec(name)?.groups;
  if (parts === undefined) {
    throw refusal(name, 'it is not the name of a protocol (Noise 8)');
  }
  const { base = '', modifiers: suffix = '', dh, cipher, hash } = parts;
  const modifiers = suffix === '' ? [] : suffix.split('+');
  // Where their order does not matter it is that of the alphabet (Noise 8.1), and here it never does.
  if (modifiers.some((modifier, i) => i > 0 && modifier <= (modifiers[i - 1] ?? ''))) {
    throw refusal(name, 'modifiers are sorted, and each comes once (Noise 8.1)');
  }
  let pattern = basePattern(base);
  if (pattern === undefined) {
    throw refusal(name, `there is no pattern ${base}`);
  }
  for (const modifier of modifiers) {
    pattern = modifier === 'hfs' && base === 'XX' ? withKem(pattern) : withPsk(pattern, modifier);
    if (pattern === undefined) {
      throw refusal(name, `${base} does not take the modifier '${modifier}'`);
    }
  }
  const keyAgreement = modifiers.includes('hfs') ? '25519+MLKEM768' : '25519';
  if (dh !== keyAgreement) {
    throw refusal(name, `its key agreement must be ${keyAgreement}`);
  }
  if (cipher !== 'ChaChaPoly') {
    throw refusal(name, 'its cipher must be ChaChaPoly');
  }
  const hashName = HASHES.find((known) => known === hash);
  if (hashName === undefined) {
    throw refusal(name, `its hash must be one of ${HASHES.join(', ')}`);
  }
  checkValidity(pattern);
  return { pattern, hash: hashName, emptyLengths: emptyLengths(pattern) };
}

/** Noise 9.4: `psk0` stands at the beginning of the first message, `pskN` at the end of the Nth. */
function withPsk({ known, messages }: Pattern, modifier: string): Pattern | undefined {
  const place = /^psk(\d)$/.exec(modifier)?.[1];
  if (place === undefined || Number(place) > messages.length) {
    return undefined;
  }
  const tokensOf = (tokens: readonly Token[], index: number): readonly Token[] => {
    if (place === '0' && index === 0) {
      return ['psk', ...tokens];
    }
    return Number(place) === index + 1 ? [...tokens, 'psk'] : tokens;
  };
  return { known, messages: messages.map(tokensOf) };
}

/** The `hfs` extension: `e1` behind the first `e`, `ekem1` behind `ee`. */
function withKem({ known, messages }: Pattern): Pattern {
  const tokensOf = (tokens: readonly Token[], index: number): Token[] =>
    tokens.flatMap((token): Token[] => {
      if (token === 'e' && index === 0) {
        return ['e', 'e1'];
      }
      return token === 'ee' ? ['ee', 'ekem1'] : [token];
    });
  return { known, messages: messages.map(tokensOf) };
}

function refusal(name: string, reason: string): RangeError {
  return new RangeError(`Noise protocol '${name}' is not supported: ${reason}`);
}
