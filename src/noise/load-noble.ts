import { createRequire } from 'node:module';
import type { Backend } from './backend.ts';

/**
 * The reference backend. Its packages are loaded here, and not when the program starts, because that takes
 * some 60 ms which a process with the native backend need not spend.
 */
export function loadNoble(): Backend {
  const extension = /\/load-noble(\.[jt]s)\b/.exec(import.meta.url ?? '')?.[1];
  const { createNobleBackend } = (
    extension === undefined ? loadInBundle() : createRequire(import.meta.url)(`./noble${extension}`)
  ) as typeof import('./noble.ts');
  return createNobleBackend();
}

/** In a bundle, which has another name than this file: a bundler takes along what it sees required. */
function loadInBundle(): unknown {
  // biome-ignore lint/style/noCommonJs: an import would load it at once.
  // biome-ignore lint/correctness/useImportExtensions: in dist/ it is JavaScript.
  return require('./noble.js');
}
