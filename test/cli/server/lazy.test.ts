import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

/** Not through the internals of the tests, which load everything at once. */
const load = (file: string): Promise<unknown> =>
  import(new URL(`../../../src/${file}`, import.meta.url).href);

/** Packages with a CommonJS form of which something is loaded in this process. */
function loaded(...names: readonly string[]): string[] {
  const files = Object.keys(createRequire(import.meta.url).cache);
  return names.filter((name) => files.some((file) => file.includes(`/node_modules/${name}/`)));
}

test('whoever asks for neither JSON lines nor metrics does not wait for what writes them', async () => {
  await load('cli/server/program.ts');
  await load('cli/server/help.ts');
  await load('cli/server/run.ts');
  assert.deepEqual(loaded('pino', 'prom-client'), []);
  await load('cli/server/log/json-log.ts');
  await load('server/metrics/endpoint.ts');
  assert.deepEqual(loaded('pino', 'prom-client'), ['pino', 'prom-client'], 'which would be seen');
});
