// What tests use of the inside of src/system: the one place that names its files.
export {
  createFileSync,
  flushFileSync,
  flushFolderSync,
  isPrivateSync,
  linkOrMoveSync,
  makeFolderSync,
  replaceFileSync,
} from '../../../src/system/files.ts';
export { userFolder } from '../../../src/system/folders.ts';
export { MAX_IDLE_BUCKETS, Rates } from '../../../src/system/token-buckets.ts';
export { VERSION } from '../../../src/system/version.ts';
