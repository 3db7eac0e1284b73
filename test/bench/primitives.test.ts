import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { OperationName } from '../../bench/primitives/names.ts';
import { operationOf, PROVIDERS } from '../../bench/primitives/operations.ts';
import { childrensCpuUs } from '../../bench/start/children-cpu.ts';

/** Bytes of what an operation returns. */
const LENGTHS: Partial<Record<OperationName, number>> = { x25519: 32, 'sha256-64': 32, hkdf: 64 };

for (const provider of PROVIDERS) {
  describe(`the operations of ${provider} do what they are measured for`, () => {
    for (const [name, length] of Object.entries(LENGTHS) as [OperationName, number][]) {
      test(`${name}: ${length} bytes, the same each time`, () => {
        const operation = operationOf(provider, name);
        const [once, again] = [operation(), operation()].map((value) => Buffer.from(value as Uint8Array));
        assert.equal(once?.length, length);
        assert.deepEqual(once, again);
      });
    }

    test('what was sealed opens', () => {
      for (const name of ['open-64', 'open-1k', 'open-16k'] as const) {
        const opened = operationOf(provider, name)();
        assert.ok(opened === true || (opened as Uint8Array).length >= 64);
      }
    });
  });
}

test('the CPU time of children that have ended is known where there is /proc', () => {
  const before = childrensCpuUs();
  assert.equal(before !== undefined, existsSync('/proc/self/stat'));
  const busy = 'const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end);';
  assert.equal(spawnSync(process.execPath, ['-e', busy]).status, 0);
  if (before !== undefined) {
    assert.ok((childrensCpuUs() ?? 0) - before >= 150_000);
  }
});
