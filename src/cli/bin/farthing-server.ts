#!/usr/bin/env node
import { nodeWillDo } from './node-version.ts';

if (nodeWillDo('farthing-server')) {
  void import('../server/program.ts').then(({ main }) => main(process.argv.slice(2)));
}
