import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from '../format/schema.ts';

/**
 * The schema as this program makes it, found out by making it. What a file says of itself is no measure of
 * it: whoever changed its rows could have changed its constraints first.
 */
export class ReferenceSchema {
  readonly #statements: ReadonlyMap<string, string>;
  /** By table, each `CHECK` of it as SQL. */
  readonly #constraints: ReadonlyMap<string, readonly string[]>;

  constructor() {
    const database = new DatabaseSync(':memory:');
    for (const migration of MIGRATIONS) {
      database.exec(migration);
    }
    this.#statements = statementsOf(database);
    database.close();
    this.#constraints = new Map(
      [...this.#statements]
        .filter(([object]) => object.startsWith('table '))
        .map(([object, sql]) => [object.slice('table '.length), checksIn(sql)]),
    );
  }

  /**
   * What is missing or different. An operator may have added a view or an index; a trigger changes what the
   * ledger does, and is a problem.
   */
  compare(database: DatabaseSync): string[] {
    const stored = statementsOf(database);
    const problems: string[] = [];
    for (const [object, sql] of this.#statements) {
      const found = stored.get(object);
      if (found === undefined) {
        problems.push(`the schema has no ${object}`);
      } else if (found !== sql) {
        problems.push(`the schema has another ${object} than it must have`);
      }
    }
    for (const object of stored.keys()) {
      if (object.startsWith('trigger ') && !this.#statements.has(object)) {
        problems.push(`the schema has a ${object}, which is not the ledger's`);
      }
    }
    return problems;
  }

  get tables(): readonly string[] {
    return [...this.#constraints.keys()];
  }

  /**
   * An expression that is 1 for a row of the table that keeps all its constraints. SQLite does not look at
   * them in a database that it only reads. As with its own constraints, NULL is no breach.
   */
  rowIsLawful(table: string): string {
    const checks = this.#constraints.get(table) ?? [];
    return checks.length === 0 ? '1' : checks.map((check) => `coalesce(${check}, 1)`).join(' AND ');
  }
}

/** Tables, indices, views and triggers, by kind and name. */
function statementsOf(database: DatabaseSync): Map<string, string> {
  const rows = database.prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
  return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, String(sql)]));
}

/** What stands in the parentheses after each CHECK of a statement that is our own. */
function checksIn(sql: string): string[] {
  const checks: string[] = [];
  for (const { index } of sql.matchAll(/\bCHECK \(/g)) {
    const begin = index + 'CHECK '.length;
    let end = begin;
    let depth = 0;
    do {
      depth += sql[end] === '(' ? 1 : sql[end] === ')' ? -1 : 0;
      end += 1;
    } while (depth > 0);
    checks.push(sql.slice(begin, end));
  }
  return checks;
}
