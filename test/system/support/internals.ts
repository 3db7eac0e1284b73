// What tests use of the inside of src/system: the one place that names its files.
export { MAX_IDLE_BUCKETS, Rates } from '../../../src/system/token-buckets.ts';
