import type { Message } from '../../src/protocol/index.ts';
import { same, show } from './same.ts';

/** The errors of the wire contract, section 6, and the texts that it gives. */
const ERRORS = {
  NAME_TAKEN: { code: 210, text: '210 FAIL' },
  AUTH_FAIL: { code: 220, text: '220 AUTH_FAIL' },
  WRONG_STATE: { code: 230, text: 'please type the right option number!' },
  PAYEE_UNKNOWN: { code: 310, text: undefined },
  PAYEE_OFFLINE: { code: 311, text: 'FAIL: Payee is not online' },
  INSUFFICIENT_FUNDS: { code: 312, text: 'FAIL: Your account balance is not enough' },
  BAD_AMOUNT: { code: 313, text: undefined },
  ID_REUSED: { code: 314, text: undefined },
  PAYEE_SELF: { code: 315, text: undefined },
  BAD_REQUEST: { code: 400, text: undefined },
  TOO_MANY: { code: 429, text: undefined },
  INTERNAL: { code: 500, text: undefined },
} as const satisfies Record<string, { code: number; text: string | undefined }>;

export type ErrorName = keyof typeof ERRORS;

/** What a client is to hear next, in the model's words. */
export type Expected =
  | { readonly id: number; readonly error: ErrorName; readonly text?: string }
  | { readonly id: number; readonly result: object }
  | { readonly tells: string; readonly params: object };

/**
 * Whether a message is what was expected. The texts of `kicked` and `notice` are for people, and any will do.
 */
export function fulfils(message: Message, expected: Expected): boolean {
  if ('tells' in expected) {
    if (message.type !== 'notification' || message.method !== expected.tells) {
      return false;
    }
    if (expected.tells !== 'kicked' && expected.tells !== 'notice') {
      return same(message.params, expected.params);
    }
    return typeof message.params['text'] === 'string' && message.params['text'] !== '';
  }
  if (message.type !== 'response' || message.id !== expected.id) {
    return false;
  }
  if ('result' in expected) {
    return message.error === null && same(message.result, expected.result);
  }
  if (message.error === null) {
    return false;
  }
  const { code, text } = ERRORS[expected.error];
  const { error } = message;
  return (
    error.code === code &&
    error.name === expected.error &&
    (text ?? expected.text ?? error.text) === error.text
  );
}

/** A message as a line of a report. */
export function describe(message: Message): string {
  if (message.type === 'notification') {
    return `tells ${message.method} ${show(message.params)}`;
  }
  if (message.type === 'request') {
    return `asks ${message.method} ${show(message.params)}`;
  }
  if (message.error !== null) {
    return `answers ${message.id}: ${message.error.code} ${message.error.name}`;
  }
  return `answers ${message.id}: ${show(message.result)}`;
}
