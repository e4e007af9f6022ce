/** Rows for people: columns as wide as what is in them, the last one as wide as it likes. */

export type Cell = string | number | null | undefined;

const shown = (cell: Cell): string =>
  typeof cell === 'number' ? cell.toLocaleString('en') : (cell ?? '–').replace(/\s*[\r\n\t]\s*/g, ' ');

export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return 'none';
  const isNumber = header.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const lines = [header.map((name) => name.toUpperCase()), ...rows.map((row) => header.map((_, n) => shown(row[n])))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => [...(line[column] as string)].length)));
  const pad = (cell: string, column: number) => {
    const missing = ' '.repeat((widths[column] as number) - [...cell].length);
    return isNumber[column] ? missing + cell : cell + missing;
  };
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

/** One fact a line. What is undefined is left out. */
export function facts(entries: readonly (readonly [string, Cell])[]): string {
  const known = entries.filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${shown(value)}`).join('\n');
}

export const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();
