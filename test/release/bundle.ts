import assert from 'node:assert/strict';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a file for Node, with all that it imports, into one file of `folder`; returns the bundle's path.
 */
export async function bundle(entry: string, format: 'esm' | 'cjs', folder: string): Promise<string> {
  const outfile = join(folder, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
  // In CommonJS there is no import.meta, of which esbuild warns: what asks for it must do without.
  const logOverride = format === 'cjs' ? ({ 'empty-import-meta': 'silent' } as const) : {};
  const options = { bundle: true, platform: 'node', logLevel: 'silent', logOverride } as const;
  const { warnings } = await build({ ...options, entryPoints: [entry], format, outfile });
  assert.deepEqual(warnings, []);
  return outfile;
}
