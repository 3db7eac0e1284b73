import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ORDERS_PER_STATEMENT } from '../../limits.ts';
import { TRANSFER_COLUMNS } from '../format/rows.ts';

/** Every statement of the running ledger, prepared once. */
export type Statements = ReturnType<typeof prepareStatements>;

/** @throws SQLite's error */
export function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    rollback: prepare('ROLLBACK'),
    addCurrency: prepare('INSERT INTO currency (only_row, name, scale) VALUES (1, ?, ?)'),
    addAccount: prepare(
      `INSERT INTO account (id, name, key, balance, frozen, registered_at, last_seq, transfers)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    setBalance: prepare(
      'UPDATE account SET balance = ?, last_seq = ?, transfers = ? WHERE id = ? AND balance = ?',
    ),
    addTransfer: prepare(
      `INSERT INTO transfer (seq, id, payer, payee, amount, memo, at, payer_previous, payee_previous)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addMilestone: prepare('INSERT INTO milestone (account, seq) VALUES (?, ?)'),
    addOperation: prepare(
      `INSERT INTO operation (seq, at, kind, account, reason, transfer, old_key, new_key)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    setStanding: prepare('UPDATE account SET key = ?, frozen = ? WHERE id = ? AND key = ? AND frozen = ?'),
    deleteFriendship: prepare('DELETE FROM friendship WHERE asker = ? AND asked = ?'),
    addFriendship: prepare('INSERT INTO friendship (asker, asked, accepted) VALUES (?, ?, ?)'),
    findTransfers: prepare(FIND_TRANSFERS),
    history: prepare(HISTORY),
  };
}

/**
 * Takes `ORDERS_PER_STATEMENT` pairs of id and payer; NULL finds nothing. The outer loop is over the orders.
 */
const FIND_TRANSFERS = `
  WITH wanted (wanted_id, wanted_payer) AS (VALUES ${Array(ORDERS_PER_STATEMENT).fill('(?, ?)').join(', ')})
  SELECT ${TRANSFER_COLUMNS}
  FROM wanted CROSS JOIN transfer ON id = wanted_id AND payer = wanted_payer`;

/**
 * A walk down the account's chain, from the milestone next above the page, or from the newest transfer where
 * there is none. A chain that does not go down is broken, and ends there.
 */
const HISTORY = `
  WITH RECURSIVE chain AS (
    SELECT * FROM transfer WHERE seq = coalesce(
      (SELECT min(seq) FROM milestone WHERE account = $account AND seq >= $before),
      (SELECT last_seq FROM account WHERE id = $account))
    UNION ALL
    SELECT earlier.* FROM chain JOIN transfer AS earlier ON earlier.seq < chain.seq
      AND earlier.seq = CASE $account WHEN chain.payer THEN chain.payer_previous ELSE chain.payee_previous END)
  SELECT ${TRANSFER_COLUMNS} FROM chain WHERE seq < $before LIMIT $limit`;
