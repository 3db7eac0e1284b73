import type { Backend } from '../../src/noise/backend.ts';
import { createNativeBackend } from '../../src/noise/native.ts';
import { createNobleBackend } from '../../src/noise/noble.ts';
import { loadSodium } from '../../src/noise/sodium.ts';

const sodium = loadSodium();

export const noble: Backend = createNobleBackend();

/** As it is where `sodium-native` is not installed. */
export const nativeAlone: Backend = createNativeBackend(undefined);

/** As it is on a Node without ML-KEM. */
export const nativeWithoutKem: Backend = createNativeBackend(sodium, false);

/** The best that this machine has. */
export const native: Backend = createNativeBackend(sodium);

/** Each native variant, for comparison with noble. */
export const NATIVES: readonly Backend[] = [native, nativeAlone, nativeWithoutKem];

export const BACKENDS: readonly Backend[] = [noble, ...NATIVES];
