/**
 * `farthing/link`: authenticated, encrypted links over TCP, for any program. `listen` and `connect` make a
 * {@link Link}; what is sent over it is the program's own.
 *
 * In the examples `link` is an open link to `listener`, which sends back what comes and has the key
 * `listenerKey`, and `folder` is a folder.
 *
 * @module farthing/link
 */
export {
  type Aead,
  type Backend,
  type BackendName,
  chooseBackend,
  type Encapsulation,
  generateKeyPair,
  type Hash,
  type HashName,
  type KemKeyPair,
  type KeyPair,
  keyPairFromSecret,
} from '../noise/index.ts';
export { Admission, type AdmissionLimits, DEFAULT_ADMISSION } from './admission/admission.ts';
export { sourceNetwork } from './admission/source.ts';
export { SourceCounts } from './admission/source-counts.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { LinkError, type LinkErrorCode } from './errors.ts';
export type { Purpose, Suite } from './handshake/prelude.ts';
export { steps as handshakeSteps } from './handshake/steps.ts';
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
