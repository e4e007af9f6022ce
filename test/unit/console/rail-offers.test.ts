/** What the rail finds by what somebody types, and what a press on it becomes. */
import { expect, test } from 'vitest';
import { fromPql } from '#console/src/segment-builder/from-pql.ts';
import { commonTime, setGroupTime } from '#console/src/segment-builder/group-time.ts';
import { countingIds, emptyRule, type Group } from '#console/src/segment-builder/model.ts';
import { rowOf } from '#console/src/segment-builder/new-rows.ts';
import { insert } from '#console/src/segment-builder/operations.ts';
import { commonFields, type Offer, offersOf } from '#console/src/segment-builder/rail-offers.ts';
import { toPql } from '#console/src/segment-builder/to-pql.ts';
import { type FieldEntry, usualFirst, vocabularyOf } from '#console/src/segment-builder/vocabulary.ts';

const newId = countingIds();

const entry = (schema: 'profile' | 'event', path: string, observed: object | undefined): FieldEntry =>
  ({
    ...{ schema, path, title: path, titles: [path], type: 'string', isList: false, labels: [] },
    ...{ group: { id: 'g', title: 'G' }, source: 'default' },
    ...(observed === undefined ? {} : { observed: { filled: 1, people: 3, distinct: 2, ...observed } }),
  }) as unknown as FieldEntry;

const values = (...names: string[]) => names.map((value) => ({ value, share: 1 / names.length }));
const vocabulary = vocabularyOf(
  {
    profile: [
      entry('profile', 'homeAddress.city', { topValues: values('Seoul', 'Busan') }),
      entry('profile', 'shoeSize', undefined),
    ],
    event: [
      entry('event', 'web.section', {
        topValues: values('running shoes', 'jackets'),
        eventTypes: [
          { eventType: 'view', share: 0.9 },
          { eventType: 'cart', share: 0.1 },
        ],
      }),
      entry('event', 'order.total', { eventTypes: [{ eventType: 'buy', share: 1 }] }),
    ],
  },
  [],
  [{ eventType: 'view', people: 3 }],
);

const looking = { tab: 'attributes', query: '', ownId: undefined, isAll: false } as const;
const written = ({ tile }: Offer) => toPql(insert(emptyRule('root'), 'root', 0, rowOf(tile, newId)));

test('only what some record carries is offered at first, and how much that leaves out is said', () => {
  const { offers, hidden } = offersOf(vocabulary, looking);
  expect(offers.map(({ key }) => key)).toEqual(['homeAddress.city']);
  expect(hidden).toBe(1);
  expect(offersOf(vocabulary, { ...looking, isAll: true }).offers).toHaveLength(2);
});

test('a value of a person finds its field, and is the condition whole', () => {
  const [offer] = offersOf(vocabulary, { ...looking, query: 'seoul' }).offers;
  expect(offer && written(offer)).toBe('homeAddress.city = "Seoul"');
});

test('a value of events finds the events that carry it, with the filter', () => {
  const { offers } = offersOf(vocabulary, { ...looking, query: 'running' });
  expect(offers.map(written)).toEqual([
    'xEvent[eventType = "view" and web.section = "running shoes" and timestamp occurs <= 30 days before now].count() >= 1',
    'xEvent[eventType = "cart" and web.section = "running shoes" and timestamp occurs <= 30 days before now].count() >= 1',
  ]);
});

test('what events of a type differ in is what they are asked about first', () => {
  expect(commonFields(vocabulary, 'view').map(({ field }) => field.path)).toEqual(['web.section']);
  expect(usualFirst(vocabulary.fields.event, ['buy'])[0]?.path).toBe('order.total');
});

const ruleOf = (pql: string): Group => {
  const read = fromPql(pql, newId);
  if (!read.ok) throw new Error(`${pql} is no rule`);
  return read.value;
};

test('a group has the time that all its events share, and setting it sets theirs', () => {
  const did = (type: string, days: number) =>
    `xEvent[eventType = "${type}" and timestamp occurs <= ${days} days before now].count() >= 1`;
  const rule = ruleOf(`${did('view', 30)} and not (${did('buy', 30)}) and loyal = true`);
  const time = commonTime(rule);
  const week = {
    form: 'distance',
    op: '<=',
    count: 7,
    unit: 'day',
    direction: 'before',
    moment: { kind: 'now' },
  } as const;

  expect(time).toMatchObject({ kind: 'same', when: { count: 30 } });
  expect(toPql(setGroupTime(rule, rule.id, week))).toBe(
    `${did('view', 7)} and not (${did('buy', 7)}) and loyal = true`,
  );
  expect(commonTime(ruleOf(`${did('view', 30)} and ${did('buy', 7)}`))).toEqual({ kind: 'different' });
  expect(commonTime(ruleOf(did('view', 30)))).toBeUndefined();
});
