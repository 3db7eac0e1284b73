// What tests use of the inside of src/link: the one place that names its files.
export {
  Admission,
  type AdmissionLimits,
  type CountedConnection,
} from '../../../src/link/admission/admission.ts';
export { PendingConnections } from '../../../src/link/admission/pending.ts';
export { sourceNetwork } from '../../../src/link/admission/source.ts';
export { SourceCounts } from '../../../src/link/admission/source-counts.ts';
export { type Ticking, Wheel } from '../../../src/link/clock.ts';
export { LinkError, type LinkErrorCode } from '../../../src/link/errors.ts';
export { encodeFrame, FRAME_HEADER, FrameReader, readLength, writeLength } from '../../../src/link/frame.ts';
export {
  type FinishedHandshake,
  InitiatorOpening,
  type InitiatorOptions,
  type Opening,
  ResponderOpening,
  type ResponderOptions,
} from '../../../src/link/handshake/opening.ts';
export {
  encodePrelude,
  encodeRefusal,
  PRELUDE_LENGTH,
  type PreludeRefusal,
  type Purpose,
  REFUSALS,
  readPrelude,
  SUITES,
  type Suite,
} from '../../../src/link/handshake/prelude.ts';
export { type QueuedHandshake, StepQueue } from '../../../src/link/handshake/steps.ts';
export * as limits from '../../../src/link/limits.ts';
export {
  FRAME_TIMEOUT_MS,
  HIGH_WATER,
  IDLE_LIMIT_MS,
  MAX_FRAME,
  MAX_HANDSHAKE_FRAME,
  MAX_MESSAGE,
  MAX_OPENINGS_PER_SOURCE,
  MAX_PAYLOAD,
  MAX_RECORD,
  MAX_STEP_WAIT_MS,
  MAX_STEPS_PER_TURN,
  MIN_SEALED_FRAME,
  PING_AFTER_MS,
  RECORD_HEADER,
  REKEY_INTERVAL,
  STEP_GRACE_MS,
  STEP_SHARE,
  TAG_LENGTH,
} from '../../../src/link/limits.ts';
export { Link } from '../../../src/link/link.ts';
export { Channel, type Received } from '../../../src/link/records/channel.ts';
export { frameRecord, KIND, type Kind, paddedLength, readRecord } from '../../../src/link/records/record.ts';
export { plainHost } from '../../../src/link/remote.ts';
