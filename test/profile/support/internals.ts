// What tests use of the inside of src/profile: the one place that names its files.
export { LOCK_LIFE_MS } from '../../../src/profile/limits.ts';
