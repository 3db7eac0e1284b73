/** What is said over a link: messages, their codec, strict reading of whatever a remote sends. */
export type { AccountView, LoginParams } from './account.ts';
export { type Address, formatAddress, formatEndpoint, parseAddress } from './address.ts';
export { decodeAgent, encodeAgent } from './agent.ts';
export type { Asker } from './answers.ts';
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
export type { Fields, Message, Notification, Request, Response } from './messages.ts';
export { METHODS, type Method, type Methods } from './methods.ts';
export type { Currency, HistoryParams, PayParams, PayResult, Transfer } from './money.ts';
export { foldName, isAccountName } from './names.ts';
export type { Notifications, Told } from './notifications.ts';
export { BYE, OK } from './ok.ts';
export {
  isAnswer,
  isMethod,
  isPeerMethod,
  parseNotification,
  parseParams,
  parsePeerNotification,
  parsePeerParams,
  parsePeerResult,
  parseResult,
} from './parse.ts';
export type { PeerMethod, PeerMethods } from './peers.ts';
export type { Friend, FriendState, LookupResult, NameParams, OnlineEntry } from './people.ts';
