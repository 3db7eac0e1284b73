import type { Backend } from './internals.ts';
import { createNativeBackend, createNobleBackend, loadSodium } from './internals.ts';

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
