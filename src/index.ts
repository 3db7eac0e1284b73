/**
 * The library: links that encrypt themselves, a wallet over such links, and the server that keeps the books.
 *
 * In the examples `server` is a running server, at which `wallet` is logged in as alice and `bob` as bob, and
 * to which `visitor` is connected. `link` is an open link to `listener`, which sends back what comes and has
 * the key `listenerKey`. `folder` is an empty folder.
 *
 * @module farthing
 */
export {
  BusyError,
  type Delivery,
  type FetchOptions,
  fetchServerKey,
  type LoginOptions,
  NotConnectedError,
  newOrderId,
  OutcomeUnknownError,
  type Payment,
  type PayOptions,
  type PeerListening,
  PeerPortError,
  PeerRefusedError,
  type PeerUnreachableCode,
  PeerUnreachableError,
  RefusedError,
  Wallet,
  type WalletEvents,
  type WalletOptions,
  WrongServerKeyError,
} from './client/index.ts';
export {
  type Aead,
  type Backend,
  type BackendName,
  type ConnectOptions,
  chooseBackend,
  connect,
  type Encapsulation,
  generateKeyPair,
  type Hash,
  type HashName,
  type KemKeyPair,
  type KeyPair,
  keyPairFromSecret,
  Link,
  LinkError,
  type LinkErrorCode,
  type LinkEvents,
  type Listener,
  type ListenerEvents,
  type ListenOptions,
  listen,
  MAX_MESSAGE,
  MAX_PAYLOAD,
  type Purpose,
  type Suite,
} from './link/index.ts';
export {
  type AccountReport,
  type AuditReport,
  type Operation,
  type OperationKind,
  type OperationOutcome,
  type OperationStatus,
  ServerError,
  type ServerErrorCode,
  type ServerStatus,
} from './operator/index.ts';
export type {
  AccountView,
  Currency,
  Friend,
  FriendState,
  HistoryParams,
  LookupResult,
  OnlineEntry,
  Transfer,
} from './protocol/index.ts';
export { type Address, formatAddress, parseAddress } from './protocol/index.ts';
export type {
  AnswerCount,
  ConnectEvent,
  DisconnectEvent,
  GatewayReading,
  HandshakeOutcome,
  HistogramReading,
  HubReading,
  HubThreadReading,
  LoginEvent,
  LogoutEvent,
  LoopDelay,
  MessageEvent,
  MetricsOptions,
  OperationEvent,
  Readings,
  ServerEvent,
  ServerEvents,
  UnopenedEvent,
  WarningEvent,
} from './server/index.ts';
export { Server, type ServerOptions, startServer } from './server/index.ts';
