#!/usr/bin/env node
import { nodeWillDo } from './node-version.ts';

if (nodeWillDo('farthing-server')) {
  void import('./farthing-server.ts').then(({ main }) => main(process.argv.slice(2)));
}
