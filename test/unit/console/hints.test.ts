/** What is said about a rule that is no mistake, and what its way out leads to. */
import { describe, expect, test } from 'vitest';
import type { Effect } from '#console/src/segment-builder/effects.ts';
import { fromPql } from '#console/src/segment-builder/from-pql.ts';
import { type Counted, hintsOf, isNear } from '#console/src/segment-builder/hints.ts';
import { countingIds, type Group } from '#console/src/segment-builder/model.ts';
import { toPql } from '#console/src/segment-builder/to-pql.ts';
import { type FieldEntry, type Vocabulary, vocabularyOf } from '#console/src/segment-builder/vocabulary.ts';

const newId = countingIds();

function ruleOf(pql: string): Group {
  const read = fromPql(pql, newId);
  if (!read.ok) throw new Error(`${pql} is no rule`);
  return read.value;
}

function field(schema: 'profile' | 'event', path: string, values: readonly string[], distinct = values.length) {
  const topValues = values.map((value) => ({ value, share: 1 / values.length }));
  return {
    ...{ schema, path, title: path, titles: [path], type: 'string', isList: false, labels: [] },
    ...{ group: { id: 'g', title: 'G' }, source: 'default' },
    observed: { distinct, topValues, people: 5, count: 5, filled: 1, conflicts: [], sampleRate: 1 },
  } as unknown as FieldEntry;
}

const vocabulary: Vocabulary = vocabularyOf(
  {
    profile: [field('profile', 'country', ['KR', 'US', 'JP']), field('profile', 'city', ['Seoul', 'Busan'], 900)],
    event: [field('event', 'section', ['running shoes', 'jackets'])],
  },
  [],
);

const hintsFor = (pql: string, counted?: (root: Group) => Counted) => {
  const root = ruleOf(pql);
  const hints = hintsOf(root, vocabulary, counted?.(root));
  return hints.map(({ kind, fixes, ...rest }) => ({
    kind,
    value: 'value' in rest ? rest.value : undefined,
    fixes: fixes.map(({ edit }) => toPql(edit(root, newId))),
  }));
};

describe('hints about values', () => {
  test('a value that nobody has is named, with those that somebody has', () => {
    expect(hintsFor('country = "kr" and city = "Seoul"')).toEqual([
      { kind: 'unseen', value: 'kr', fixes: ['country = "KR" and city = "Seoul"'] },
    ]);
  });

  test('of a list only the value that nobody has is put right', () => {
    expect(hintsFor('country in ["KR", "Japan"]')).toEqual([
      {
        kind: 'unseen',
        value: 'Japan',
        fixes: ['country in ["KR"]', 'country in ["KR", "US"]', 'country in ["KR", "JP"]'],
      },
    ]);
  });

  test('of an event’s filter the event’s field is what counts', () => {
    expect(hintsFor('xEvent[eventType = "view" and section = "runing shoes"].count() >= 1')).toEqual([
      {
        kind: 'unseen',
        value: 'runing shoes',
        fixes: ['xEvent[eventType = "view" and section = "running shoes"].count() >= 1'],
      },
    ]);
  });

  test('where only some values are known, what is not among them may well be there', () => {
    expect(hintsFor('city = "Daegu"')).toEqual([]);
    expect(hintsFor('city = "Soeul"')).toMatchObject([{ value: 'Soeul', fixes: ['city = "Seoul"'] }]);
  });

  test('short words that differ by a letter are different words', () => {
    expect(isNear('KR', 'US')).toBe(false);
    expect(isNear('KR', 'kr')).toBe(true);
  });
});

describe('hints about how rows go together', () => {
  test('“is not” this or “is not” that holds for everybody: both are meant', () => {
    expect(hintsFor('not (country = "KR") or not (country = "US")')).toEqual([
      { kind: 'anyIsNot', value: undefined, fixes: ['not (country = "KR") and not (country = "US")'] },
    ]);
    expect(hintsFor('country != "KR" and country != "US"')).toEqual([]);
    expect(hintsFor('not (country = "KR") or not (city = "Seoul")')).toEqual([]);
  });

  test('two values at once are one of two', () => {
    expect(hintsFor('country = "KR" and country = "US"')).toEqual([
      { kind: 'twoValues', value: undefined, fixes: ['country in ["KR", "US"]'] },
    ]);
  });

  test('did in a week and did not in a month is nobody; the other way round is somebody', () => {
    const within = (days: number) =>
      `xEvent[eventType = "buy" and timestamp occurs <= ${days} days before now].count() >= 1`;
    expect(hintsFor(`${within(7)} and not (${within(30)})`)).toEqual([
      { kind: 'contradiction', value: undefined, fixes: [within(7)] },
    ]);
    expect(hintsFor(`${within(30)} and not (${within(7)})`)).toEqual([]);
  });
});

describe('hints about figures', () => {
  const counted =
    (size: number, rows: readonly Partial<Effect>[]) =>
    (root: Group): Counted => ({
      size,
      total: 100,
      effects: new Map(
        root.children.map(({ id }, index) => [id, { keeps: undefined, alone: undefined, itself: 0, ...rows[index] }]),
      ),
    });

  test('a row that leaves nobody out is named', () => {
    const figures = counted(10, [{ keeps: 100 }, { keeps: 10 }]);
    expect(hintsFor('country = "KR" and city = "Seoul"', figures)).toEqual([
      { kind: 'keepsEverybody', value: undefined, fixes: ['city = "Seoul"'] },
    ]);
  });

  test('with nobody left, the one row that is to blame is named, else the one where the last is lost', () => {
    const blamed = counted(0, [{ keeps: 40 }, { keeps: 0, alone: -40 }]);
    expect(hintsFor('country = "KR" and city = "Seoul"', blamed)).toMatchObject([
      { kind: 'dropsEverybody', fixes: ['country = "KR"'] },
    ]);
    const together = counted(0, [{ keeps: 40 }, { keeps: 0 }]);
    expect(hintsFor('country = "KR" and city = "Seoul"', together)).toMatchObject([{ kind: 'reachesNobody' }]);
  });
});
