/** SQLite as it is built into Node. Lists of words are text between bars; items of events are a table of their own. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Population } from './people.ts';
import { countQuery, type Dialect, literal } from './sql.ts';
import { columnsOf, eventRows, profileRows, type Row } from './tables.ts';

const DIALECT: Dialect = {
  includes: (column, value) => `instr(${column}, ${literal(`|${value}|`)}) > 0`,
  anyItem: (event, _column, condition) =>
    `EXISTS (SELECT 1 FROM items i WHERE i.event = ${event}."id" AND ${condition})`,
};

export function sqliteCounter(population: Population): (people: number) => () => readonly number[] {
  const database = new DatabaseSync(':memory:');
  database.exec('BEGIN');
  fill(database, 'profiles', profileRows(population));
  if (population.events.some(({ length }) => length > 0)) fillEvents(database, eventRows(population));
  database.exec('COMMIT; ANALYZE');
  return (people) => {
    const statement = database.prepare(countQuery(population, DIALECT, people));
    return () => Object.values(statement.get() ?? {}).map(Number);
  };
}

function fillEvents(database: DatabaseSync, events: readonly Row[]): void {
  fill(database, 'events', events);
  const items = events.flatMap(({ id, items: list }) =>
    Array.isArray(list) ? (list as Row[]).map((item) => ({ ...item, event: id })) : [],
  );
  fill(database, 'items', items);
  database.exec('CREATE INDEX of_event ON items (event); CREATE INDEX of_profile ON events (pi, "type", "ts")');
}

function fill(database: DatabaseSync, table: string, rows: readonly Row[]): void {
  const names = [...columnsOf(rows).keys()];
  database.exec(`CREATE TABLE ${table} (${names.map((name) => `"${name}"`).join(', ')})`);
  const insert = database.prepare(`INSERT INTO ${table} VALUES (${names.map(() => '?').join(', ')})`);
  for (const row of rows) insert.run(...names.map((name) => cell(row[name])));
}

function cell(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (Array.isArray(value)) return typeof value[0] === 'string' ? `|${value.join('|')}|` : null;
  return value as SQLInputValue;
}
