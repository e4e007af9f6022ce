/** A row to an event or a profile record, or the reason why not. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { type FieldPath, parseFieldPath, readColumn, setField } from './field-path.ts';
import { instantReader, type ReadInstant } from './instants.ts';
import type { Mapping, Target } from './mapping.ts';

export interface Cells {
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

export type MapRow = (row: Cells) => Result<Readonly<Record<string, unknown>>, string>;

/** A cell that is not what its column says. */
class WrongCell extends Error {}

type Convert = (value: unknown) => unknown;

/** `isText`: the file's cells know no types. */
export function rowMapper(mapping: Mapping, isText: boolean): MapRow {
  const columns = Object.entries(mapping.columns).flatMap(([column, targets]) =>
    targets.map((target) => ({
      column,
      path: parseFieldPath(target.path) as FieldPath,
      convert: converterOf(target, isText),
    })),
  );
  const constants = Object.entries(mapping.constants).map(
    ([path, value]) => [parseFieldPath(path) as FieldPath, value] as const,
  );
  const readInstant = instantReader(mapping.timestamp) as ReadInstant;
  return (row) => {
    try {
      const fields = {};
      for (const [path, value] of constants) setField(fields, path, structuredClone(value));
      for (const { column, path, convert } of columns) {
        const value = readColumn(row.cells, column);
        if (!isEmpty(value)) setField(fields, path, named(column, value, convert));
      }
      return ok(recordOf(mapping, { row, fields, timestamp: timestampOf(mapping, row, readInstant) }));
    } catch (error) {
      if (error instanceof WrongCell) return fail(error.message);
      throw error;
    }
  };
}

const isEmpty = (value: unknown) => value === undefined || value === '';

function named(column: string, value: unknown, convert: Convert): unknown {
  const converted = convert(value);
  if (converted === undefined) throw new WrongCell(`column ${column}: ${shown(value)} is not what the mapping says`);
  return converted;
}

const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 80) ?? 'nothing';

function timestampOf({ timestamp }: Mapping, { cells }: Cells, readInstant: ReadInstant): number {
  const value = 'column' in timestamp ? readColumn(cells, timestamp.column) : timestamp.constant;
  const instant = isEmpty(value) ? undefined : readInstant(value);
  if (instant === undefined) throw new WrongCell(`timestamp: ${shown(value)} is no time of format ${timestamp.format}`);
  return instant;
}

interface Mapped {
  readonly row: Cells;
  readonly fields: object;
  readonly timestamp: number;
}

function recordOf(mapping: Mapping, { row, fields, timestamp }: Mapped): Readonly<Record<string, unknown>> {
  const { record, sandboxName, datasetId, id } = mapping;
  const common = {
    sandboxName,
    timestamp: new Date(timestamp).toISOString(),
    identityMap: identityMapOf(mapping, row),
  };
  if (record === 'profile') return { recordType: 'profile', datasetId, ...common, attributes: fields };
  return { ...fields, _id: fill(id ?? '', row), ...(datasetId === undefined ? {} : { datasetId }), ...common };
}

type Identities = Record<string, { id: string; primary?: true }[]>;

function identityMapOf({ identities }: Mapping, { cells }: Cells): Identities {
  const map: Identities = {};
  for (const { namespace, column, primary } of identities) {
    const value = readColumn(cells, column);
    if (isEmpty(value) || value === null) continue;
    const entries = map[namespace] ?? [];
    entries.push(primary ? { id: String(value), primary } : { id: String(value) });
    map[namespace] = entries;
  }
  if (Object.keys(map).length === 0) {
    throw new WrongCell(`no identity: ${identities.map(({ column }) => column).join(', ')} are empty`);
  }
  return map;
}

/** `{line}` is the number of the row's last line; any other name a column. */
function fill(template: string, { line, cells }: Cells): string {
  return template.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = name === 'line' && !Object.hasOwn(cells, name) ? line : readColumn(cells, name);
    if (isEmpty(value) || value === null) throw new WrongCell(`id: column ${name} is empty`);
    return String(value);
  });
}

function converterOf(target: Target, isText: boolean): Convert {
  const convert = CONVERTERS[target.type ?? (isText ? 'text' : 'any')](target);
  const { values } = target;
  if (values === undefined) return convert;
  return (value) => (Object.hasOwn(values, String(value)) ? values[String(value)] : convert(value));
}

const TRUE = new Set(['true', 'yes', 'y', '1', 't']);
const FALSE = new Set(['false', 'no', 'n', '0', 'f']);

const numberOf = (value: unknown) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

const CONVERTERS: Readonly<Record<NonNullable<Target['type']>, (target: Target) => Convert>> = {
  any: () => (value) => value,
  text: () => (value) => (typeof value === 'object' ? undefined : String(value)),
  number: () => numberOf,
  integer: () => (value) => {
    const number = numberOf(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  boolean: () => (value) => {
    const text = String(value).trim().toLowerCase();
    return TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
  },
  timestamp: (target) => {
    const read = instantReader(target) as ReadInstant;
    return (value) => {
      const instant = read(value);
      return instant === undefined ? undefined : new Date(instant).toISOString();
    };
  },
  json: () => (value) => {
    try {
      return JSON.parse(String(value));
    } catch {
      return undefined;
    }
  },
  list:
    ({ separator }) =>
    (value) =>
      Array.isArray(value)
        ? value
        : String(value)
            .split(separator)
            .map((item) => item.trim()),
};
