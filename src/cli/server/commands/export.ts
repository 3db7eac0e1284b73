import { once } from 'node:events';
import {
  type BooksTransfer,
  explained,
  type Journal,
  openJournal,
  ServerError,
} from '../../../operator/index.ts';
import { readChoice, readInteger, UsageError } from '../../shell/arguments.ts';
import { EXIT } from '../../shell/exit-status.ts';
import { csvLine, inertText } from '../../text/csv.ts';
import { printable, printableJson } from '../../text/printable.ts';
import { transferDocument } from '../../text/words.ts';
import { giveWay } from '../give-way.ts';
import type { OperatorValues } from '../options.ts';
import type { OperatorRun } from './command.ts';

type Format = 'csv' | 'jsonl';

const CSV_HEADER = ['seq', 'time', 'from', 'to', 'amount', 'amount_minor', 'memo', 'id'];

export const run: OperatorRun = async ({ dataDir, values }) => {
  const format = readFormat(values);
  const { from, to } = readRange(values);
  const journal = await openJournal(dataDir);
  try {
    giveWay();
    const account = values.account?.toLowerCase();
    if (account !== undefined && !journal.has(account)) {
      throw new ServerError('account_unknown', `there is no account "${values.account}"`);
    }
    const line = lineOf(format, journal);
    if (format === 'csv' && !(await write(csvLine(CSV_HEADER)))) {
      return EXIT.unwritten;
    }
    for await (const slice of journal.transfers({ from, to, account })) {
      if (!(await write(slice.map(line).join('')))) {
        return EXIT.unwritten;
      }
    }
  } catch (error) {
    throw explained(error);
  } finally {
    await journal.close();
  }
  return EXIT.done;
};

function readFormat({ format, json }: OperatorValues): Format {
  if (format === undefined) {
    return json === true ? 'jsonl' : 'csv';
  }
  const chosen = readChoice(format, '--format', ['csv', 'jsonl']);
  if (json === true && chosen === 'csv') {
    throw new UsageError('--json and --format csv do not go together');
  }
  return chosen;
}

function readRange(values: OperatorValues): { from: number; to: number } {
  const most = Number.MAX_SAFE_INTEGER;
  const from = values.from === undefined ? 1 : readInteger(values.from, '--from', 1, most);
  const to = values.to === undefined ? most : readInteger(values.to, '--to', 1, most);
  if (from > to) {
    throw new UsageError(`--from ${from} comes after --to ${to}`);
  }
  return { from, to };
}

function lineOf(format: Format, { currency }: Journal): (transfer: BooksTransfer) => string {
  const document = (transfer: BooksTransfer) =>
    transferDocument({ ...transfer, memo: transfer.memo ?? '' }, currency);
  if (format === 'jsonl') {
    return (transfer) => `${printableJson(document(transfer))}\n`;
  }
  // A file gets what was written; a terminal must not obey it.
  const shown = process.stdout.isTTY ? printable : (text: string) => text;
  return (transfer) => {
    const { seq, at, from, to, amount, amountMinor, memo, id } = document(transfer);
    return csvLine([seq, at ?? '', from, to, amount, amountMinor, inertText(shown(memo)), id]);
  };
}

/**
 * Waits for a reader who is slower than the disk. False once nothing more can be written, which
 * `StandardStreams` tells.
 */
async function write(text: string): Promise<boolean> {
  const { stdout } = process;
  if (!stdout.writable) {
    return false;
  }
  try {
    if (!stdout.write(text)) {
      await once(stdout, 'drain');
    }
  } catch {
    return false;
  }
  return stdout.writable;
}
