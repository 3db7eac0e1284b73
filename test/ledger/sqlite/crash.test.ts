import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Ledger } from '../../../src/ledger/index.ts';
import { newPath, openAt, order, pay } from '../support/fixtures.ts';
import { MAX_HISTORY } from '../support/internals.ts';

const ROUNDS = 6;
const ORDERS_PER_ROUND = 1_000_000;
const SCRIPT = fileURLToPath(new URL('crash.process.ts', import.meta.url));

/**
 * Lets the process pay until it has given some answers, kills it, and returns all answers: order to `seq`.
 */
async function answersUntilKilled(
  path: string,
  firstOrder: number,
  enough: number,
): Promise<Map<number, number>> {
  const args = [SCRIPT, path, String(firstOrder)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const answers = new Map<number, number>();
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may be cut: it is no answer then.
    const [, number, seq] = /^(\d+) (\d+) ok$/.exec(line) ?? [];
    if (number !== undefined) {
      answers.set(Number(number), Number(seq));
    }
    if (answers.size >= enough) {
      child.kill('SIGKILL');
    }
  }
  assert.deepEqual(await closed, [null, 'SIGKILL']);
  return answers;
}

/** Every `seq` under which an order of alice's stands in the history. */
async function paidBy(ledger: Ledger, payer: string): Promise<Map<number, number[]>> {
  const seqs = new Map<number, number[]>();
  for (let before: number | undefined; ; ) {
    const page = await ledger.history(payer, before, MAX_HISTORY);
    for (const { from, id, seq } of page) {
      assert(before === undefined || seq < before);
      const number = Buffer.from(id).readUInt32BE(12);
      if (from === payer) {
        seqs.set(number, [...(seqs.get(number) ?? []), seq]);
      }
    }
    before = page.at(-1)?.seq;
    if (before === undefined) {
      return seqs;
    }
  }
}

describe('kill -9', () => {
  test('loses no answered order and doubles none, round after round', async (t) => {
    const path = newPath(t);
    const answers = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const enough = randomInt(1, 400);
      const answered = await answersUntilKilled(path, round * ORDERS_PER_ROUND, enough);
      assert(answered.size >= enough);
      for (const [number, seq] of answered) {
        answers.set(number, seq);
      }
      // No stale lock stands in the way.
      const ledger = await openAt(t, path);
      const paid = await paidBy(ledger, 'alice');
      for (const [number, seq] of answers) {
        assert.deepEqual(paid.get(number), [seq], `order ${number}`);
      }
      for (const [number, seq] of answered) {
        const again = await pay(ledger, order('alice', 'bob', 1, number));
        assert.equal(again.status === 'exists' && again.transfer.seq, seq);
      }
      const report = await ledger.audit();
      assert.deepEqual(report.problems, []);
      assert.equal(report.transfers, 2 + paid.size);
      await ledger.close();
    }
  });
});
