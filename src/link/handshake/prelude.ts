import type { ProtocolName } from '../../noise/index.ts';
import type { LinkErrorCode } from '../errors.ts';

/** What a link is for: a client at its server, or two peers. */
export type Purpose = 'server' | 'peer';

/** The cipher suites of the wire: X25519 alone, or with ML-KEM-768 beside it. */
export type Suite = 'XX' | 'XXhfs';

interface SuiteRow {
  readonly byte: number;
  readonly protocol: ProtocolName;
  /** Bytes of handshake message 1. */
  readonly messageOne: number;
}

/** Each suite with its byte on the wire, its Noise protocol name and the exact length of its message 1. */
export const SUITES: Readonly<Record<Suite, SuiteRow>> = {
  XX: { byte: 0x01, protocol: 'Noise_XX_25519_ChaChaPoly_SHA256', messageOne: 32 },
  XXhfs: { byte: 0x02, protocol: 'Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256', messageOne: 1216 },
};

/** What a link is for where the options do not say. */
export const DEFAULT_PURPOSE: Purpose = 'peer';

const PURPOSES: Readonly<Record<Purpose, number>> = { server: 0x01, peer: 0x02 };

/** "FRTH" */
const MAGIC = [0x46, 0x52, 0x54, 0x48] as const;
const VERSION = 0x01;

/** Bytes of the prelude, which is also the Noise prologue. */
export const PRELUDE_LENGTH = 7;

/**
 * The initiator's first bytes, and the Noise prologue:
 *
 * | bytes | meaning |
 * |---|---|
 * | 0-3 | magic "FRTH" |
 * | 4 | version |
 * | 5 | suite |
 * | 6 | purpose |
 */
export function encodePrelude(suite: Suite, purpose: Purpose): Uint8Array {
  return Uint8Array.of(...MAGIC, VERSION, SUITES[suite].byte, PURPOSES[purpose]);
}

/**
 * The reasons for which a responder refuses a prelude: one byte on the wire, and the code that the
 * initiator's error gets.
 */
export const REFUSALS = {
  version: { byte: 0x01, code: 'refused_version' },
  suite: { byte: 0x02, code: 'refused_suite' },
  purpose: { byte: 0x03, code: 'refused_purpose' },
  busy: { byte: 0x04, code: 'refused_busy' },
} as const satisfies Record<string, { byte: number; code: LinkErrorCode }>;

/** Why a prelude is refused. */
export type PreludeRefusal = keyof typeof REFUSALS;

/**
 * Reads a prelude of {@link PRELUDE_LENGTH} bytes. Returns the suite; or the refusal to answer with; or
 * undefined where the magic is wrong: the other side does not speak this protocol.
 */
export function readPrelude(
  prelude: Uint8Array,
  accepts: { readonly suites: readonly Suite[]; readonly purpose: Purpose },
): { suite: Suite } | { refusal: PreludeRefusal } | undefined {
  if (!MAGIC.every((byte, at) => prelude[at] === byte)) {
    return undefined;
  }
  if (prelude[4] !== VERSION) {
    return { refusal: 'version' };
  }
  const suite = accepts.suites.find((name) => SUITES[name].byte === prelude[5]);
  if (suite === undefined) {
    return { refusal: 'suite' };
  }
  if (prelude[6] !== PURPOSES[accepts.purpose]) {
    return { refusal: 'purpose' };
  }
  return { suite };
}

/** A refusal on the wire: a frame length of zero, which no handshake message has, and the reason. */
export function encodeRefusal(refusal: PreludeRefusal): Uint8Array {
  return Uint8Array.of(0, 0, REFUSALS[refusal].byte);
}

/** The error code of a refusal's reason byte. It is not authenticated: it serves only the error message. */
export function refusalCode(reason: number): LinkErrorCode {
  return Object.values(REFUSALS).find((row) => row.byte === reason)?.code ?? 'bad_prelude';
}
