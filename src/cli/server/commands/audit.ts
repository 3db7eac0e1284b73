import { resolve } from 'node:path';
import { auditBackup, auditBooks } from '../../../operator/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { reportDocument, reportLines, withProgress } from '../books-report.ts';
import type { OperatorRun } from './command.ts';

export const run: OperatorRun = async ({ dataDir, values, out }) => {
  const { backup } = values;
  const report = await withProgress(out, (onProgress) =>
    backup === undefined ? auditBooks(dataDir, onProgress) : auditBackup(resolve(backup), onProgress),
  );
  out.data(reportDocument(report), () => [
    ...reportLines(report, out),
    report.ok
      ? out.paint.gain('The books are in order: the sum of all balances is zero.')
      : out.paint.bad('The books are NOT in order.'),
  ]);
  return report.ok ? EXIT.done : EXIT.refused;
};
