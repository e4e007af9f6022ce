import { expect, test } from 'vitest';
import { findSegments, foldersOf, type Segment } from '#console/src/segments/find-segments.ts';
import { readListSearch } from '#console/src/segments/list-search.ts';

const collator = new Intl.Collator('en');

const segment = (given: Partial<Segment> & { readonly name: string }): Segment => ({
  id: `id of ${given.name}`,
  schema: { name: '_xdm.context.profile' },
  expression: { type: 'PQL', format: 'pql/text', value: 'true' },
  evaluationInfo: {
    batch: { enabled: false, reasons: [] },
    continuous: { enabled: true, reasons: [], evaluationClass: 'incremental', state: 'activating' },
    synchronous: { enabled: false, reasons: [] },
  },
  lifecycleState: 'published',
  labels: [],
  tags: [],
  sandbox: { sandboxId: 'prod', sandboxName: 'prod', type: 'production', default: true },
  dataGovernancePolicy: { excludeOptOut: true },
  version: 1,
  creationTime: 0,
  updateTime: 0,
  updateEpoch: 0,
  ...given,
});

const names = (segments: readonly Segment[]) => segments.map(({ name }) => name);
const written = (value: string) => ({ type: 'PQL', format: 'pql/text', value }) as const;

test('a search finds a segment by a part of its rule', () => {
  const buyers = segment({ name: 'Buyers', expression: written('xEvent[eventType = "commerce.purchases"]') });
  const adults = segment({ name: 'Adults', expression: written('age >= 18') });

  expect(names(findSegments([buyers, adults], { q: 'purchases' }, collator))).toEqual(['Buyers']);
});

test('every word of a search must be found, in any order and case', () => {
  const segments = [segment({ name: 'Running shoes, no purchase' }), segment({ name: 'Running late' })];

  expect(names(findSegments(segments, { q: 'SHOES run' }, collator))).toEqual(['Running shoes, no purchase']);
});

test('what is neither live nor a draft is switched off', () => {
  const segments = (['draft', 'published', 'inactive', 'archived'] as const).map((lifecycleState) =>
    segment({ name: lifecycleState, lifecycleState }),
  );

  expect(names(findSegments(segments, { state: 'other' }, collator))).toEqual(['archived', 'inactive']);
});

test('the newest edit comes first unless another order is asked for', () => {
  const segments = [
    segment({ name: 'b', updateTime: 1 }),
    segment({ name: 'c', updateTime: 2 }),
    segment({ name: 'a' }),
  ];

  expect(names(findSegments(segments, {}, collator))).toEqual(['c', 'b', 'a']);
  expect(names(findSegments(segments, { sort: 'name:asc' }, collator))).toEqual(['a', 'b', 'c']);
});

test('the most people come first when asked for, those not counted last', () => {
  const size = (members: number) => ({ members, exact: true, asOf: '2026-01-01T00:00:00Z', ageInSeconds: 1 });
  const segments = [
    segment({ name: 'few', size: size(2) }),
    segment({ name: 'new' }),
    segment({ name: 'many', size: size(9) }),
  ];

  expect(names(findSegments(segments, { sort: 'people:desc' }, collator))).toEqual(['many', 'few', 'new']);
});

test('a folder holds what is in the folders within it', () => {
  const segments = [
    segment({ name: 'a', folder: 'Shop' }),
    segment({ name: 'b', folder: 'Shop/Shoes' }),
    segment({ name: 'c', folder: 'Shopping' }),
  ];

  expect(names(findSegments(segments, { folder: 'Shop' }, collator))).toEqual(['a', 'b']);
  expect(foldersOf(segments)).toEqual(['Shop', 'Shop/Shoes', 'Shopping']);
});

test('an address with nonsense in it shows the list', () => {
  expect(readListSearch({ state: 'melted', sort: 'luck:up', page: '-3', q: '' })).toEqual({});
  expect(readListSearch({ state: 'draft', sort: 'name:asc', page: '2', q: 'x', tag: 't' })).toEqual({
    ...{ state: 'draft', sort: 'name:asc', page: 2, q: 'x', tag: 't' },
  });
});
