import type { BooksReport, Progress } from '../../operator/index.ts';
import { EXIT } from '../shell/exit-status.ts';
import type { Output } from '../shell/output.ts';
import { balanceText, toDecimal } from '../text/money.ts';
import { printable } from '../text/printable.ts';
import { giveWay } from './give-way.ts';
import { ProgressLine } from './progress-line.ts';

/** What an audit has found, as scripts read it. */
export function reportDocument({ ok, accounts, transfers, circulation, currency, problems }: BooksReport) {
  return {
    ok,
    accounts,
    transfers,
    circulation: toDecimal(circulation, currency.scale),
    circulationMinor: circulation,
    currency,
    problems,
  };
}

/** `2 accounts, 3 transfers, 20,000.00 dollars in circulation`, then a line for each problem. */
export function reportLines(
  { accounts, transfers, circulation, currency, problems }: BooksReport,
  out: Output,
): string[] {
  return [
    `${accounts} accounts, ${transfers} transfers, ${balanceText(circulation, currency)} in circulation`,
    ...problems.map((problem) => out.paint.bad(printable(problem))),
  ];
}

/** Does something long with a line of progress, and ends the process in good order when a signal comes. */
export async function withProgress<T>(out: Output, work: (onProgress: Progress) => Promise<T>): Promise<T> {
  const line = new ProgressLine(out);
  const end = (status: number) => () => {
    line.clear();
    process.exit(status);
  };
  process.once('SIGINT', end(EXIT.interrupted));
  process.once('SIGTERM', end(EXIT.terminated));
  giveWay();
  try {
    return await work(line.show);
  } finally {
    line.clear();
  }
}
