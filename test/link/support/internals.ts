// What tests use of the inside of src/link: the one place that names its files.
export { Admission, type AdmissionLimits, type Visit } from '../../../src/link/admission.ts';
export { Channel, type Received } from '../../../src/link/channel.ts';
export { type Ticking, Wheel } from '../../../src/link/clock.ts';
export { LinkError, type LinkErrorCode } from '../../../src/link/errors.ts';
export { encodeFrame, FRAME_HEADER, FrameReader, readLength, writeLength } from '../../../src/link/frame.ts';
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
export {
  InitiatorOpening,
  type InitiatorOptions,
  type Opened,
  type Opening,
  ResponderOpening,
  type ResponderOptions,
} from '../../../src/link/opening.ts';
export { Silent } from '../../../src/link/pending.ts';
export {
  encodePrelude,
  encodeRefusal,
  PRELUDE_LENGTH,
  type Purpose,
  REFUSALS,
  type Refusal,
  readPrelude,
  SUITES,
  type Suite,
} from '../../../src/link/prelude.ts';
export { frameRecord, KIND, type Kind, paddedLength, readRecord } from '../../../src/link/record.ts';
export { plainHost, sourceNetwork } from '../../../src/link/source.ts';
export { Census } from '../../../src/link/source-counts.ts';
export { type Stepping, StepQueue } from '../../../src/link/steps.ts';
