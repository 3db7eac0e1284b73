// `--import` this, and a program that imports `farthing` gets the sources of this tree: nothing needs to be
// built.
import { registerHooks } from 'node:module';

const SOURCES: Readonly<Record<string, string>> = {
  farthing: new URL('../../../src/index.ts', import.meta.url).href,
  'farthing/link': new URL('../../../src/link/index.ts', import.meta.url).href,
};

registerHooks({
  resolve: (specifier, context, next) => next(SOURCES[specifier] ?? specifier, context),
});
