import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ORDERS_PER_STATEMENT } from '../limits.ts';
import { TRANSFER_COLUMNS } from './rows.ts';

/** Every statement of the running ledger, prepared once. */
export type Statements = ReturnType<typeof prepareStatements>;

export function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    rollback: prepare('ROLLBACK'),
    addCurrency: prepare('INSERT INTO currency (only_row, name, scale) VALUES (1, ?, ?)'),
    addAccount: prepare('INSERT INTO account (id, name, key, balance, registered_at) VALUES (?, ?, ?, ?, ?)'),
    setBalance: prepare('UPDATE account SET balance = ? WHERE id = ? AND balance = ?'),
    addTransfer: prepare(
      'INSERT INTO transfer (seq, id, payer, payee, amount, memo, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    deleteFriendship: prepare('DELETE FROM friendship WHERE asker = ? AND asked = ?'),
    addFriendship: prepare('INSERT INTO friendship (asker, asked, accepted) VALUES (?, ?, ?)'),
    findTransfers: prepare(FIND_TRANSFERS),
    history: prepare(HISTORY),
  };
}

/** Takes `ORDERS_PER_STATEMENT` pairs of id and payer; NULL finds nothing. The outer loop is over the orders. */
const FIND_TRANSFERS = `
  WITH wanted (wanted_id, wanted_payer) AS (VALUES ${Array(ORDERS_PER_STATEMENT).fill('(?, ?)').join(', ')})
  SELECT ${TRANSFER_COLUMNS}
  FROM wanted CROSS JOIN transfer ON id = wanted_id AND payer = wanted_payer`;

/** Two walks down an index, each no further than the page, merged. */
const HISTORY = `
  SELECT * FROM (
    SELECT * FROM (
      SELECT ${TRANSFER_COLUMNS} FROM transfer
      WHERE payer = $account AND seq < $before ORDER BY seq DESC LIMIT $limit)
    UNION ALL
    SELECT * FROM (
      SELECT ${TRANSFER_COLUMNS} FROM transfer
      WHERE payee = $account AND seq < $before ORDER BY seq DESC LIMIT $limit)
  ) ORDER BY seq DESC LIMIT $limit`;
