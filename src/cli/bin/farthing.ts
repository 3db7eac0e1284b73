#!/usr/bin/env node
import { nodeWillDo } from './node-version.ts';

if (nodeWillDo('farthing')) {
  void import('../member/program.ts').then(({ main }) => main(process.argv.slice(2)));
}
