import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readCorpus } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { Fuzzer } from './fuzzer.ts';

const coverage = new Coverage();
const { TARGETS } = await import('./targets/index.ts');

/** Changed inputs for each target: some seconds in all. `make fuzz` goes on for as long as one likes. */
const RUNS = 3_000;

for (const target of TARGETS.values()) {
  describe(target.name, () => {
    const corpus = readCorpus(target.name);

    test(`runs each of ${corpus.length} kept inputs, and nothing at all`, async () => {
      assert.ok(corpus.length > 0, 'there is a corpus');
      for (const input of [new Uint8Array(0), ...target.seeds, ...corpus]) {
        assert.ok(input.length <= target.maxLength);
        const outcome = await target.run(input);
        assert.equal(await target.run(input.slice()), outcome, 'the same input gives the same');
      }
    });

    test('covers code that there is', () => {
      for (const path of target.covers) {
        assert.ok(existsSync(new URL(`../../src/${path}`, import.meta.url)), path);
      }
    });

    test(`runs ${RUNS} changed inputs`, async () => {
      const fuzzer = new Fuzzer(target, coverage, 1960);
      await fuzzer.add([...target.seeds, ...corpus]);
      for (const end = fuzzer.executions + RUNS; fuzzer.executions < end; ) {
        await fuzzer.step();
      }
      assert.deepEqual([...fuzzer.crashes.values()], []);
    });
  });
}
