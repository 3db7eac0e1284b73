import { StoreError } from '../../ledger/index.ts';
import type { Effect } from '../effects.ts';

/**
 * Reads, one after another, what answers had to leave until their batch was on disk. What cannot be read is
 * refused with 500, and the operator is warned; the rest of the batch stands.
 */
export async function readDeferred(effects: Effect[]): Promise<void> {
  const warnings: Effect[] = [];
  for (const effect of effects) {
    if (effect.type !== 'answer' || !('later' in effect.outcome)) {
      continue;
    }
    try {
      effect.outcome = { result: await effect.outcome.later() };
    } catch (error) {
      if (!(error instanceof StoreError)) {
        throw error;
      }
      effect.outcome = { refused: 'INTERNAL' };
      warnings.push({ type: 'warning', text: `a history could not be read: ${error.message}` });
    }
  }
  effects.push(...warnings);
}
