/** The list's state as it stands in the address. */
export const VIEWS = ['all', 'published', 'draft', 'other', 'problems'] as const;
export type View = (typeof VIEWS)[number];
export const SORTS = ['name', 'people', 'state', 'runs', 'edited'] as const;
export const CLASSES = ['incremental', 'replay'] as const;
export type SortColumn = (typeof SORTS)[number];

export interface ListSearch {
  readonly q?: string;
  readonly state?: View;
  readonly tag?: string;
  /** Those in it and in the folders within. */
  readonly folder?: string;
  readonly runs?: (typeof CLASSES)[number];
  readonly sort?: `${SortColumn}:${'asc' | 'desc'}`;
  readonly page?: number;
}

export const SORT_DEFAULT = 'edited:desc';

/** Whatever is wrong in an address is left out: a link never fails. */
export function readListSearch({
  q,
  state,
  tag,
  folder,
  runs,
  sort,
  page,
}: Readonly<Record<string, unknown>>): ListSearch {
  const isSort =
    typeof sort === 'string' && SORTS.some((column) => sort === `${column}:asc` || sort === `${column}:desc`);
  const number = Number(page);
  const ran = CLASSES.find((one) => one === runs);
  return {
    ...(q === undefined || q === '' ? {} : { q: String(q) }),
    ...(VIEWS.includes(state as View) && state !== 'all' ? { state: state as View } : {}),
    ...(typeof tag === 'string' && tag !== '' ? { tag } : {}),
    ...(typeof folder === 'string' && folder !== '' ? { folder } : {}),
    ...(ran === undefined ? {} : { runs: ran }),
    ...(isSort && sort !== SORT_DEFAULT ? { sort: sort as NonNullable<ListSearch['sort']> } : {}),
    ...(Number.isInteger(number) && number > 1 ? { page: number } : {}),
  };
}
