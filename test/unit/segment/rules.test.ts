import { expect, test } from 'vitest';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { buildRules, type RulesArtifact, type RulesChange, readRules } from '#shared/segment/rules.ts';

const VIEWS = 'xEvent[eventType = "view"].count() >= 1';
const put = (id: string, expression = VIEWS, name = id): RulesChange => ({
  kind: 'put',
  definition: { id, name, version: 1, expression },
});
const drop = (id: string): RulesChange => ({ kind: 'delete', id });
const after = (...changes: readonly RulesChange[]) =>
  changes.reduce<RulesArtifact | undefined>(buildRules, undefined) as RulesArtifact;
const ordinals = ({ definitions }: RulesArtifact) => definitions.map(({ id, ordinal }) => `${id}${ordinal}`);

test('the ordinal of a definition that is gone is never given again', () => {
  expect(ordinals(after(put('a'), put('b'), drop('b'), put('c'), drop('a'), put('a')))).toEqual(['c3', 'a4']);
});

test('definitions that read the same share a leaf, and it goes with the last of them', () => {
  const both = after(put('a'), put('b'));
  expect(both.leaves).toHaveLength(1);
  expect(both.definitions.map(({ leaves }) => leaves)).toEqual([[1], [1]]);

  const one = buildRules(both, drop('a'));
  expect(one.leaves).toHaveLength(1);
  expect(buildRules(one, drop('b')).leaves).toEqual([]);
  expect(buildRules(buildRules(one, drop('b')), put('c')).leaves[0]?.ordinal).toBe(2);
});

test('a leaf that keeps too little for a new use is not shared with it', () => {
  const rules = after(
    put('a', 'xEvent[eventType = "view"].count() >= 1'),
    put('b', 'xEvent[eventType = "view"].count() >= 9'),
  );

  expect(rules.definitions.map(({ leaves }) => leaves)).toEqual([[1], [2]]);
});

test('an edit keeps the ordinal and asks for a new evaluation, a new name does not', () => {
  const rules = after(put('a'));

  expect(buildRules(rules, put('a', VIEWS, 'renamed')).definitions[0]).toMatchObject({
    ordinal: 1,
    since: 1,
    name: 'renamed',
  });
  expect(buildRules(rules, put('a', 'xEvent.count() > 2')).definitions[0]).toMatchObject({ ordinal: 1, since: 2 });
});

test('a definition comes after every one that it asks about, by id or by name', () => {
  const rules = after(
    put('a', 'vip = true', 'VIPs'),
    put('b', VIEWS),
    put('a', 'inSegment("b")', 'VIPs'),
    put('c', 'inSegment("VIPs")'),
  );

  expect(compileRules(rules).definitions.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
});

test('definitions that ask about each other are refused before anything is evaluated', () => {
  expect(() => compileRules(after(put('a', 'inSegment("b")'), put('b', 'inSegment("a")')))).toThrow(/circle/);
});

test('a definition whose leaves are not those of this release is evaluated from history', () => {
  const rules = after(put('a'));
  const older: RulesArtifact = {
    ...rules,
    leaves: rules.leaves.map((leaf) => ({ ...leaf, key: 'cut by another release' })),
  };

  expect(compileRules(rules).definitions[0]?.plan.evaluationClass).toBe('incremental');
  expect(compileRules(older).definitions[0]).toMatchObject({ leaves: [], plan: { evaluationClass: 'replay' } });
});

test('an artifact of another format is refused', () => {
  expect(readRules(JSON.stringify(after(put('a'))))).toEqual(after(put('a')));
  expect(() => readRules('{"format":3}')).toThrow(/format 3/);
});
