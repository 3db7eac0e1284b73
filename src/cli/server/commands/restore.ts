import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KEY_FILE, restoreBooks } from '../../../operator/index.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { printable } from '../../text/printable.ts';
import { reportDocument, reportLines, withProgress } from '../books-report.ts';
import type { OperatorRun } from './command.ts';

export const run: OperatorRun = async ({ words: [word = ''], dataDir, values, out }) => {
  const file = resolve(word);
  const report = await withProgress(out, (onProgress) =>
    restoreBooks(file, dataDir, { replace: values.force === true, onProgress }, Date.now()),
  );
  const { ok, kept } = report;
  const hasKey = existsSync(join(dataDir, KEY_FILE));
  out.data({ ...reportDocument(report), kept: kept ?? null, hasKey }, () => [
    ...reportLines(report, out),
    ok
      ? out.paint.gain(`The books in ${printable(dataDir)} are those of ${printable(file)}.`)
      : out.paint.bad(`${printable(file)} is NOT in order: nothing was restored.`),
    ...(kept === undefined ? [] : [`Those that were there are kept as ${printable(kept)}.`]),
    ...(hasKey || !ok
      ? []
      : [`Put the server's key there too, as ${KEY_FILE}: members know the server by it.`]),
  ]);
  return ok ? EXIT.done : EXIT.refused;
};
