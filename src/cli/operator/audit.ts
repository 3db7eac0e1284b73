import { auditBooks } from '../../server/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { balanceText, toDecimal } from '../money.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';

/** Checks the books in a folder while no server has them open. @throws ServerError */
export async function audit(dataDir: string, out: Output): Promise<ExitStatus> {
  const { ok, accounts, transfers, circulation, currency, problems } = await auditBooks(dataDir);
  const decimal = toDecimal(circulation, currency.scale);
  const document = {
    ok,
    accounts,
    transfers,
    circulation: decimal,
    circulationMinor: circulation,
    currency,
    problems,
  };
  out.data(document, () => [
    `${accounts} accounts, ${transfers} transfers, ${balanceText(circulation, currency)} in circulation`,
    ...problems.map((problem) => out.paint.bad(printable(problem))),
    ok
      ? out.paint.gain('The books are in order: the sum of all balances is zero.')
      : out.paint.bad('The books are NOT in order.'),
  ]);
  return ok ? EXIT.done : EXIT.refused;
}
