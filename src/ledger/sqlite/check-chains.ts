import type { DatabaseSync } from 'node:sqlite';
import { MAX_PROBLEMS } from '../limits.ts';
import { Chains, isMilestone } from './chains.ts';
import { chainedRow, headRow } from './rows.ts';

/**
 * Makes the chains of all accounts once more from the transfers alone, and compares them with what is stored: each
 * link, each account's head, and that the milestones are those that must be there and no others.
 * Gives a sentence for each difference, at most 100.
 */
export function checkChains(database: DatabaseSync): string[] {
  const problems: string[] = [];
  const report = (problem: string): void => {
    if (problems.length < MAX_PROBLEMS) {
      problems.push(problem);
    }
  };
  const chains = new Chains();
  const findMilestone = database.prepare('SELECT 1 FROM milestone WHERE account = ? AND seq = ?');
  let milestones = 0;
  const checkLink = (account: number, seq: number, previous: number): void => {
    const link = chains.append(account, seq);
    if (previous !== link.previous) {
      report(`transfer ${seq} of account ${account} follows its ${link.previous}, but names ${previous}`);
    }
    if (isMilestone(link)) {
      milestones += 1;
      if (findMilestone.get(account, seq) === undefined) {
        report(`transfer ${seq} is not listed as a milestone of account ${account}`);
      }
    }
  };
  for (const row of database.prepare(LINKS).iterate()) {
    const { seq, payer, payee, payerPrevious, payeePrevious } = chainedRow(row);
    checkLink(payer, seq, payerPrevious);
    checkLink(payee, seq, payeePrevious);
  }
  for (const row of database.prepare('SELECT id, last_seq, transfers FROM account').iterate()) {
    const { account, lastSeq, transfers } = headRow(row);
    const head = chains.head(account);
    if (lastSeq !== head.lastSeq || transfers !== head.transfers) {
      report(
        `account ${account} has ${transfers} transfers stored up to ${lastSeq}, not ${head.transfers} up to ${head.lastSeq}`,
      );
    }
  }
  const stored = database.prepare('SELECT count(*) AS count FROM milestone').get()?.['count'];
  if (stored !== milestones) {
    report(`there are ${stored} milestones, not ${milestones}`);
  }
  return problems;
}

const LINKS = 'SELECT seq, payer, payee, payer_previous, payee_previous FROM transfer ORDER BY seq';
