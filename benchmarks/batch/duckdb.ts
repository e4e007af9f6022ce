/**
 * DuckDB with one thread, over tables in memory. The package is no dependency: its binaries are not on every registry, which
 * `npm ci` refuses. `npm install --no-save @duckdb/node-api` brings it; without it the suite runs without this contender.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Population } from './people.ts';
import { countQuery, type Dialect, literal } from './sql.ts';
import { columnsOf, eventRows, profileRows, type Row } from './tables.ts';

/** What is used of the package. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<{ connect(): Promise<Connection> }>;
  };
}

interface Connection {
  run(sql: string): Promise<unknown>;
  prepare(sql: string): Promise<{ runAndReadAll(): Promise<{ getRows(): readonly (readonly unknown[])[] }> }>;
}

const PACKAGE: string = '@duckdb/node-api';

export async function loadDuckDb(): Promise<DuckDb | undefined> {
  try {
    return (await import(PACKAGE)) as DuckDb;
  } catch (error) {
    process.stderr.write(`${PACKAGE} is left out: ${(error as Error).message.split('\n')[0]}\n`);
    return undefined;
  }
}

const DIALECT: Dialect = {
  includes: (column, value) => `list_contains(${column}, ${literal(value)})`,
  anyItem: (_event, column, condition) => `len(list_filter(${column}, lambda i: ${condition})) > 0`,
};

export async function duckDbCounter(
  population: Population,
): Promise<(people: number) => Promise<() => Promise<readonly number[]>>> {
  const { DuckDBInstance } = (await loadDuckDb()) as DuckDb;
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await fill(connection, 'profiles', profileRows(population));
  const events = eventRows(population);
  if (events.length > 0) await fill(connection, 'events', events);
  return async (people) => {
    const statement = await connection.prepare(countQuery(population, DIALECT, people));
    return async () => ((await statement.runAndReadAll()).getRows()[0] ?? []).map(Number);
  };
}

async function fill(connection: Connection, table: string, rows: readonly Row[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-bench-'));
  try {
    const file = join(folder, `${table}.json`);
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const columns = [...columnsOf(rows)].map(([name, value]) => `"${name}": ${literal(typeOf(value))}`);
    const source = `read_json(${literal(file)}, format = 'newline_delimited', columns = {${columns.join(', ')}})`;
    await connection.run(`CREATE TABLE ${table} AS SELECT * FROM ${source}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const TYPES: Readonly<Record<string, string>> = { string: 'VARCHAR', number: 'DOUBLE', boolean: 'BOOLEAN' };

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return `${value.length === 0 ? 'VARCHAR' : typeOf(value[0])}[]`;
  if (typeof value !== 'object' || value === null) return TYPES[typeof value] ?? 'VARCHAR';
  return `STRUCT(${Object.entries(value)
    .map(([name, field]) => `"${name}" ${typeOf(field)}`)
    .join(', ')})`;
}
