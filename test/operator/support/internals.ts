// What tests use of the inside of src/operator: the one place that names its files.
export { Administration } from '../../../src/operator/administration.ts';
export {
  answerControl,
  type Controlled,
  encodeControl,
  parseControl,
} from '../../../src/operator/control.ts';
export { askControl, ControlSocket, controlPath } from '../../../src/operator/control-socket.ts';
export { ServerError, type ServerErrorCode } from '../../../src/operator/errors.ts';
export { KEY_FILE, loadServerKey, prepareDataDir } from '../../../src/operator/identity.ts';
export { CONTROL_REQUEST_BYTES, MAX_CONTROL_CONNECTIONS } from '../../../src/operator/limits.ts';
