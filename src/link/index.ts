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
export { Census } from './census.ts';
export { LinkError, type LinkErrorCode } from './errors.ts';
export { MAX_MESSAGE, MAX_PAYLOAD } from './limits.ts';
export { Link, type LinkEvents } from './link.ts';
export type { Purpose, Suite } from './prelude.ts';
export {
  type ConnectOptions,
  claimPort,
  connect,
  type Listener,
  type ListenerEvents,
  type ListenOptions,
  listen,
  type PortClaim,
} from './socket.ts';
export { sourceNetwork } from './source.ts';
export { steps as handshakeSteps } from './steps.ts';
