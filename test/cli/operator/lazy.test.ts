import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

/** Packages with a CommonJS form of which something is loaded in this process. */
function loaded(...names: readonly string[]): string[] {
  const files = Object.keys(createRequire(import.meta.url).cache);
  return names.filter((name) => files.some((file) => file.includes(`/node_modules/${name}/`)));
}

test('whoever asks for neither JSON lines nor metrics does not wait for what writes them', async () => {
  await import('../../../src/cli/farthing-server.ts');
  await import('../../../src/cli/operator/help.ts');
  await import('../../../src/cli/operator/run.ts');
  assert.deepEqual(loaded('pino', 'prom-client'), []);
  await import('../../../src/cli/operator/json-log.ts');
  await import('../../../src/server/metrics-endpoint.ts');
  assert.deepEqual(loaded('pino', 'prom-client'), ['pino', 'prom-client'], 'which would be seen');
});
