import { ISSUER_ID, ISSUER_NAME } from '../../store.ts';

/**
 * `PRAGMA application_id` of a ledger: "FRTH" in ASCII. It tells our files from every other SQLite database.
 */
export const APPLICATION_ID = 0x46525448;

/**
 * The statements that bring the schema from one version to the next, oldest first: version n (`PRAGMA
 * user_version`) has the first n. A new ledger runs them all. What a release has carried out is never edited;
 * a change is one more entry, and each runs in one transaction.
 *
 * Amounts and balances are minor units, times milliseconds since 1970. The rules stand in `src/ledger`; the
 * constraints here repeat those that a mistake there must not get past.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE currency (
    only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
    name      TEXT    NOT NULL,
    scale     INTEGER NOT NULL CHECK (scale >= 0)
  ) STRICT;

  -- Account ${ISSUER_ID} is the issuer: its balance is minus the circulation, and having no key it cannot log in.
  CREATE TABLE account (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE,
    key           BLOB    CHECK (length(key) = 32),
    balance       INTEGER NOT NULL,
    registered_at INTEGER,
    CHECK (CASE id WHEN ${ISSUER_ID} THEN balance <= 0 ELSE balance >= 0 END),
    CHECK ((id = ${ISSUER_ID}) = (key IS NULL)),
    CHECK ((id = ${ISSUER_ID}) = (registered_at IS NULL))
  ) STRICT;

  INSERT INTO account (id, name, key, balance, registered_at)
  VALUES (${ISSUER_ID}, '${ISSUER_NAME}', NULL, 0, NULL);

  -- The id comes first in its index: ids that grow with time are then added at its end, whoever pays.
  CREATE TABLE transfer (
    seq     INTEGER PRIMARY KEY CHECK (seq > 0),
    id      BLOB    NOT NULL CHECK (length(id) = 16),
    payer   INTEGER NOT NULL REFERENCES account (id),
    payee   INTEGER NOT NULL REFERENCES account (id),
    amount  INTEGER NOT NULL CHECK (amount > 0),
    memo    TEXT,
    at      INTEGER NOT NULL,
    UNIQUE (id, payer),
    CHECK (payer <> payee),
    CHECK (payee <> ${ISSUER_ID})
  ) STRICT;

  -- Each index ends with seq, the table's key, so that both read one account's transfers in order.
  CREATE INDEX transfer_by_payer ON transfer (payer);
  CREATE INDEX transfer_by_payee ON transfer (payee);

  CREATE TABLE friendship (
    asker    INTEGER NOT NULL REFERENCES account (id),
    asked    INTEGER NOT NULL REFERENCES account (id),
    accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    PRIMARY KEY (asker, asked),
    CHECK (asker <> asked)
  ) STRICT, WITHOUT ROWID;

  -- One row for a pair, whoever asked.
  CREATE UNIQUE INDEX friendship_pair ON friendship (min(asker, asked), max(asker, asked));
  `,
  `
  -- For the operator's sqlite3 shell: SELECT * FROM journal WHERE payee = 'bob';
  CREATE VIEW journal AS
  SELECT seq,
         strftime('%Y-%m-%d %H:%M:%f', at / 1000.0, 'unixepoch') AS utc,
         payer.name AS payer,
         payee.name AS payee,
         amount,
         memo,
         lower(hex(transfer.id)) AS id
  FROM transfer
  JOIN account AS payer ON payer.id = transfer.payer
  JOIN account AS payee ON payee.id = transfer.payee
  ORDER BY seq;
  `,
  `
  -- The transfers of an account form a chain: each names the account's one before it (0: none), and the account names the
  -- last. It is written where a payment writes anyway, unlike an index by account, whose pages are all over the file.
  ALTER TABLE transfer ADD COLUMN payer_previous
    INTEGER NOT NULL DEFAULT 0 CHECK (payer_previous BETWEEN 0 AND seq - 1);
  ALTER TABLE transfer ADD COLUMN payee_previous
    INTEGER NOT NULL DEFAULT 0 CHECK (payee_previous BETWEEN 0 AND seq - 1);
  ALTER TABLE account ADD COLUMN last_seq  INTEGER NOT NULL DEFAULT 0 CHECK (last_seq >= 0);
  ALTER TABLE account ADD COLUMN transfers INTEGER NOT NULL DEFAULT 0 CHECK (transfers BETWEEN 0 AND last_seq);

  -- Every 64th transfer of an account, so that a page in the middle of a long chain is found.
  CREATE TABLE milestone (
    account INTEGER NOT NULL REFERENCES account (id),
    seq     INTEGER NOT NULL REFERENCES transfer (seq),
    PRIMARY KEY (account, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TEMP TABLE posting AS
  SELECT account, seq, pays,
         row_number()   OVER chain AS number,
         lag(seq, 1, 0) OVER chain AS previous
  FROM (SELECT payer AS account, seq, 1 AS pays FROM transfer
        UNION ALL
        SELECT payee, seq, 0 FROM transfer)
  WINDOW chain AS (PARTITION BY account ORDER BY seq);

  UPDATE transfer SET payer_previous = link.payer_previous, payee_previous = link.payee_previous
  FROM (SELECT seq,
               max(previous) FILTER (WHERE pays)     AS payer_previous,
               max(previous) FILTER (WHERE NOT pays) AS payee_previous
        FROM posting GROUP BY seq) AS link
  WHERE transfer.seq = link.seq;

  UPDATE account SET last_seq = head.seq, transfers = head.number
  FROM (SELECT account, max(seq) AS seq, count(*) AS number FROM posting GROUP BY account) AS head
  WHERE account.id = head.account;

  INSERT INTO milestone SELECT account, seq FROM posting WHERE number % 64 = 0;

  DROP TABLE posting;
  DROP INDEX transfer_by_payer;
  DROP INDEX transfer_by_payee;
  `,
  `
  ALTER TABLE account ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1) AND (id <> ${ISSUER_ID} OR frozen = 0));

  -- Money may go back to the issuer from now on, where the operator redeems it. A CHECK cannot be taken out of a table, so
  -- the table is written once more (https://sqlite.org/lang_altertable.html 7).
  DROP VIEW journal;
  CREATE TABLE transfer_new (
    seq     INTEGER PRIMARY KEY CHECK (seq > 0),
    id      BLOB    NOT NULL CHECK (length(id) = 16),
    payer   INTEGER NOT NULL REFERENCES account (id),
    payee   INTEGER NOT NULL REFERENCES account (id),
    amount  INTEGER NOT NULL CHECK (amount > 0),
    memo    TEXT,
    at      INTEGER NOT NULL,
    payer_previous INTEGER NOT NULL DEFAULT 0 CHECK (payer_previous BETWEEN 0 AND seq - 1),
    payee_previous INTEGER NOT NULL DEFAULT 0 CHECK (payee_previous BETWEEN 0 AND seq - 1),
    UNIQUE (id, payer),
    CHECK (payer <> payee)
  ) STRICT;
  INSERT INTO transfer_new
  SELECT seq, id, payer, payee, amount, memo, at, payer_previous, payee_previous FROM transfer ORDER BY seq;
  DROP TABLE transfer;
  ALTER TABLE transfer_new RENAME TO transfer;

  CREATE VIEW journal AS
  SELECT seq,
         strftime('%Y-%m-%d %H:%M:%f', at / 1000.0, 'unixepoch') AS utc,
         payer.name AS payer,
         payee.name AS payee,
         amount,
         memo,
         lower(hex(transfer.id)) AS id
  FROM transfer
  JOIN account AS payer ON payer.id = transfer.payer
  JOIN account AS payee ON payee.id = transfer.payee
  ORDER BY seq;

  -- What the operator has done. That nobody pays the issuer but in a redeem is for the audit to see: a trigger would cost
  -- every payment a twentieth.
  CREATE TABLE operation (
    seq      INTEGER PRIMARY KEY CHECK (seq > 0),
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('freeze', 'unfreeze', 'issue', 'redeem', 'rekey')),
    account  INTEGER NOT NULL REFERENCES account (id) CHECK (account <> ${ISSUER_ID}),
    reason   TEXT    NOT NULL CHECK (reason <> ''),
    transfer INTEGER UNIQUE REFERENCES transfer (seq),
    old_key  BLOB    CHECK (length(old_key) = 32),
    new_key  BLOB    CHECK (length(new_key) = 32 AND new_key <> old_key),
    CHECK ((kind IN ('issue', 'redeem')) = (transfer IS NOT NULL)),
    CHECK ((kind = 'rekey') = (old_key IS NOT NULL)),
    CHECK ((kind = 'rekey') = (new_key IS NOT NULL))
  ) STRICT;

  CREATE TRIGGER operation_is_never_changed BEFORE UPDATE ON operation
  BEGIN SELECT raise(ABORT, 'constraint failed: an operation is never changed'); END;

  CREATE TRIGGER operation_is_never_removed BEFORE DELETE ON operation
  BEGIN SELECT raise(ABORT, 'constraint failed: an operation is never removed'); END;
  `,
];
