/** Where a value goes in a record: `commerce.order.priceTotal`, `productListItems[0].SKU`. */

export type FieldPath = readonly (string | number)[];

const SEGMENT = /^([^.[\]]+)((?:\[\d{1,3}\])*)$/;
/** Setting them would change what every object inherits. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** `undefined` if the text is no path. */
export function parseFieldPath(text: string): FieldPath | undefined {
  const path: (string | number)[] = [];
  for (const part of text.split('.')) {
    const [, name, indexes] = SEGMENT.exec(part) ?? [];
    if (name === undefined || FORBIDDEN.has(name)) return undefined;
    path.push(name, ...[...(indexes ?? '').matchAll(/\d+/g)].map(([index]) => Number(index)));
  }
  return path;
}

type Container = Record<string | number, unknown>;

/** Makes the objects and lists on the way. */
export function setField(target: object, path: FieldPath, value: unknown): void {
  let at = target as Container;
  for (const [position, step] of path.slice(0, -1).entries()) {
    const next = path[position + 1];
    const existing = at[step];
    if (existing === null || typeof existing !== 'object') at[step] = typeof next === 'number' ? [] : {};
    at = at[step] as Container;
  }
  at[path.at(-1) as string | number] = value;
}

/** The column of that very name, otherwise what the path leads to; `undefined` where it leads nowhere. */
export function readColumn(cells: Readonly<Record<string, unknown>>, column: string): unknown {
  if (Object.hasOwn(cells, column)) return cells[column];
  let at: unknown = cells;
  for (const step of parseFieldPath(column) ?? []) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return undefined;
    at = (at as Container)[step];
  }
  return at === cells ? undefined : at;
}
