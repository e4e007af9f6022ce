/** Who opted out is in no segment that leaves them out: at once, by what their attributes say, and only there. */
import { expect, test } from 'vitest';
import { check, interpret, parse } from '#shared/pql/index.ts';
import { mayDeliver, OPT_OUT } from '#shared/profile/consent.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
import { view, WritePath } from '#test/support/write-path.ts';

const VALUES = ['n', 'dn', 'y', 'dy', 'p', 'u', 'LI', undefined];
const PATHS = [['collect'], ['share'], ['personalize', 'content'], ['marketing', 'any'], ['marketing', 'email']];

function consents(path: readonly string[], val: string | undefined): Record<string, unknown> {
  return {
    consents: path.reduceRight<unknown>(
      (inner, name) => ({ [name]: inner }),
      val === undefined ? {} : { val },
    ) as object,
  };
}

const OPT_OUTS = [['collect'], ['personalize', 'content'], ['marketing', 'any']];

/** The same as the condition says, in plain words. */
function isOptedOut({ consents }: { readonly consents?: unknown }): boolean {
  const inside = (value: unknown, name: string) => (value as Record<string, unknown> | null | undefined)?.[name];
  return OPT_OUTS.some((path) => ['n', 'dn'].includes(String([...path, 'val'].reduce(inside, consents))));
}

test('the condition in PQL says of every consent what the plain words say', () => {
  const parsed = parse(OPT_OUT);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { expression } = check(parsed.value, defaultSchema, { mode: 'segment' });
  const cases = PATHS.flatMap((path) => VALUES.map((val) => consents(path, val)));

  for (const profile of [...cases, {}, { consents: null }, { consents: 'n' }]) {
    const value = interpret(
      expression,
      { profile: profile as never, events: [], now: 0, inSegment: () => false },
      { mode: 'segment' },
    );
    expect([profile, value === true]).toEqual([profile, isOptedOut(profile)]);
  }
});

const record = (path: WritePath, attributes: object) =>
  path.record({
    recordType: 'profile',
    datasetId: 'crm',
    timestamp: path.now,
    identityMap: { CRMID: [{ id: 'c1' }] },
    attributes,
  });

test('who opts out leaves at once, who takes it back returns, and a definition that does not ask keeps them', async () => {
  const path = new WritePath();
  const anybody = 'xEvent[eventType = "view"].count() >= 1';
  path.define('asks', anybody, { excludesOptOut: true });
  path.define('does not ask', anybody);
  await path.process([path.record(view('e1', path.now))]);

  path.now += 1000;
  await path.process([record(path, consents(['marketing', 'any'], 'n'))]);
  path.now += 1000;
  await path.process([record(path, consents(['marketing', 'any'], 'y'))]);

  expect(path.changes().map(([, status, cause, time]) => [status, cause, time])).toEqual([
    ['realized', 'event', 0],
    ['realized', 'event', 0],
    ['exited', 'event', 1000],
    ['realized', 'batch', 0], // repeated for whoever is told of them and may not be any more
    ['realized', 'event', 2000],
    ['realized', 'batch', 0],
  ]);
});

test('a refused channel takes nobody out of a segment', async () => {
  const path = new WritePath();
  path.define('asks', 'xEvent[eventType = "view"].count() >= 1', { excludesOptOut: true });
  await path.process([path.record(view('e1', path.now)), record(path, consents(['marketing', 'email'], 'n'))]);

  expect(path.changes().map(([, status]) => status)).toEqual(['realized']);
});

test('an expression of any form can be kept from those who opted out', () => {
  for (const expression of [
    'select x from xEvent where x.eventType = "view"',
    'person.age > 3 or person.age < 2',
    'true',
  ]) {
    expect(analyzeDefinition({ expression, excludesOptOut: true }).attributeTerms.roots.size).toBeGreaterThan(0);
  }
});

test('at delivery the word on a channel stands over that on all of them, and collecting or sharing refused forbids all', () => {
  const refused = consents(['marketing', 'any'], 'n').consents as { readonly marketing: object };
  const withEmail = { consents: { marketing: { ...refused.marketing, email: { val: 'y' } } } };

  expect(mayDeliver({}, 'marketing.email')).toBe(true);
  expect(mayDeliver({ consents: refused }, 'marketing.email')).toBe(false);
  expect(mayDeliver(withEmail, 'marketing.email')).toBe(true);
  expect(mayDeliver(withEmail, 'marketing.sms')).toBe(false);
  expect(mayDeliver(consents(['marketing', 'email'], 'n'), 'marketing.email')).toBe(false);
  expect(mayDeliver(consents(['marketing', 'email'], 'n'), 'marketing.sms')).toBe(true);
  expect(mayDeliver(consents(['share'], 'dn'), 'personalize.content')).toBe(false);
  expect(mayDeliver(consents(['collect'], 'n'), 'marketing.email')).toBe(false);
});
