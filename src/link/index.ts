/**
 * `farthing/link`: authenticated, encrypted links over TCP, for any program. `listen` and `connect` make a {@link Link};
 * what is sent over it is the program's own.
 */
export {
  type Backend,
  type BackendName,
  chooseBackend,
  generateKeyPair,
  type KeyPair,
  keyPairFromSecret,
} from '../noise/index.ts';
export { Admission, type AdmissionLimits, DEFAULT_ADMISSION } from './admission.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { LinkError, type LinkErrorCode } from './errors.ts';
export { MAX_MESSAGE, MAX_PAYLOAD } from './limits.ts';
export { Link, type LinkEvents } from './link.ts';
export {
  claimPort,
  type Listener,
  type ListenerEvents,
  type ListenOptions,
  listen,
  type PortClaim,
} from './listen.ts';
export type { Purpose, Suite } from './prelude.ts';
export { sourceNetwork } from './source.ts';
export { Census } from './source-counts.ts';
export { steps as handshakeSteps } from './steps.ts';
