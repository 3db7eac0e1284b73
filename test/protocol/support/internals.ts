// What tests use of the inside of src/protocol: the one place that names its files.
export { ProtocolError, type ProtocolErrorCode } from '../../../src/protocol/errors.ts';
export { scan } from '../../../src/protocol/gate.ts';
export { MAX_MESSAGE_BYTES } from '../../../src/protocol/limits.ts';
export { unpack, type Value } from '../../../src/protocol/msgpack.ts';
export { pack } from '../../../src/protocol/pack.ts';
