import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { backupBooks } from '../../../operator/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { printable } from '../../text/printable.ts';
import { reportDocument, reportLines, withProgress } from '../books-report.ts';
import type { OperatorRun } from './command.ts';

export const run: OperatorRun = async ({ words: [word = ''], dataDir, values, out }) => {
  const file = resolve(word);
  const report = await withProgress(out, (onProgress) =>
    backupBooks(dataDir, file, { replace: values.force === true, onProgress }),
  );
  const bytes = report.ok ? statSync(file).size : 0;
  out.data({ ...reportDocument(report), file: report.ok ? file : null, bytes }, () => [
    ...reportLines(report, out),
    ...(report.ok
      ? [
          out.paint.gain(`Backed up to ${printable(file)}, and the copy is in order.`),
          "The server's key is not in it: keep a copy of server.key in another place.",
        ]
      : [out.paint.bad('The books are NOT in order: no backup was made, and older ones are worth keeping.')]),
  ]);
  return report.ok ? EXIT.done : EXIT.refused;
};
