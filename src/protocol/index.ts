/** What is said over a link: messages, their codec, strict reading of whatever a remote sends. */
export { type Address, formatAddress, formatEndpoint, parseAddress } from './address.ts';
export { decodeAgent, encodeAgent } from './agent.ts';
export {
  decodeMessage,
  decodeMessages,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
} from './codec.ts';
export {
  ERRORS,
  type ErrorMap,
  type ErrorName,
  errorMap,
  ProtocolError,
  type ProtocolErrorCode,
} from './errors.ts';
export type { Parsed } from './fields.ts';
export * from './limits.ts';
export * from './messages.ts';
export { foldName, isAccountName } from './names.ts';
export { isMethod, isPeerMethod, parseParams, parsePeerParams } from './params.ts';
export { parseNotification, parsePeerNotification, parsePeerResult, parseResult } from './results.ts';
