import type { AccountReport } from '../../operator/index.ts';
import { balanceDocument } from '../text/words.ts';

/** An account, as the JSON of every command of the operator has it. */
export function accountDocument({
  name,
  balance,
  currency,
  frozen,
  key,
  registeredAt,
  online,
}: AccountReport) {
  return {
    name,
    ...balanceDocument(balance, currency),
    frozen,
    online,
    registered: new Date(registeredAt).toISOString(),
    key,
  };
}
