/**
 * Records of several data sets in every order of arrival: the same bytes of attributes, the same profile by each policy and
 * the same memberships of definitions that go by different ones, which the oracle decides as well.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePql, interpret } from '#shared/pql/index.ts';
import { type AttributeMerge, mergeFragments } from '#shared/profile/merge-policy.ts';
import { encodeAttributes, NO_ATTRIBUTES, withRecord } from '#shared/profile/profile-attributes.ts';
import type { ReceivedProfileRecord } from '#shared/profile/profile-record.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { ProfileWorld } from '#test/support/profile-world.ts';

const OPTIONS = { seed: 20_260_302, numRuns: 150 };

const POLICIES: readonly { readonly id: string | undefined; readonly merge: AttributeMerge }[] = [
  { id: undefined, merge: { type: 'timestampOrdered' } },
  { id: 'crm-first', merge: { type: 'dataSetPrecedence', order: ['crm', 'web'] } },
  { id: 'web-first', merge: { type: 'dataSetPrecedence', order: ['web'] } },
];
const EXPRESSIONS = ['tier = "gold"', 'home.city = "Seoul"', 'home.isNull()', 'tier != "gold" and points >= 2'];

const value = fc.constantFrom<unknown>('gold', 'silver', 'bronze', 1, 2, 3, null, {}, ['a']);
const attributes = fc.record(
  {
    tier: value,
    points: value,
    home: fc.oneof(value, fc.record({ city: fc.constantFrom('Seoul', 'Busan', null) })),
  },
  { requiredKeys: [] },
);
const record = fc.record({
  datasetId: fc.constantFrom('crm', 'web', 'erp'),
  timestamp: fc.integer({ min: 1, max: 4 }),
  attributes,
});
type Sent = Omit<ReceivedProfileRecord, 'kind' | 'source' | 'sandboxName' | 'identities'>;

function* permutations<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
  }
}

function fragmentsOf(records: readonly Sent[]) {
  const received = (sent: Sent): ReceivedProfileRecord => ({
    kind: 'profile',
    source: {},
    sandboxName: 'prod',
    identities: [],
    ...sent,
  });
  return records.reduce((known, sent) => withRecord(known, received(sent)), NO_ATTRIBUTES);
}

test('every order of records gives the same bytes, and the same profile by each policy', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), (records) => {
      const seen = new Set<string>();
      for (const order of permutations(records as readonly Sent[])) {
        const profile = fragmentsOf(order);
        const merged = POLICIES.map(({ merge }) => JSON.stringify(mergeFragments(profile.fragments, merge)));
        seen.add([Buffer.from(encodeAttributes(profile)).toString('hex'), ...merged].join('\n'));
      }
      expect(seen.size).toBe(1);
    }),
    OPTIONS,
  );
});

async function worldAfter(records: readonly Sent[]): Promise<ProfileWorld> {
  const world = new ProfileWorld();
  for (const { id } of POLICIES) {
    for (const expression of EXPRESSIONS) world.define(expression, id === undefined ? {} : { mergePolicyId: id });
  }
  world.setPolicies(POLICIES.flatMap(({ id, merge }) => (id === undefined ? [] : [{ id, attributeMerge: merge }])));
  for (const sent of records) {
    const identityMap = { CRMID: [{ id: 'c1', primary: true }] };
    world.put(JSON.stringify({ recordType: 'profile', identityMap, ...sent }));
    await world.process();
  }
  return world;
}

const holds = (expression: string, profile: Readonly<Record<string, unknown>>, now: number): boolean => {
  const compiled = compilePql(expression, defaultSchema, { mode: 'segment' });
  if (!compiled.ok) throw new Error(expression);
  return interpret(compiled.value.checked, { profile, events: [], now }, { mode: 'segment' }) === true;
};

test('definitions by different policies, evaluated side by side, have the members that the oracle gives them, in every order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 4 }), async (records) => {
      const { fragments } = fragmentsOf(records as readonly Sent[]);
      for (const order of permutations(records as readonly Sent[])) {
        const world = await worldAfter(order);
        const truth = POLICIES.flatMap(({ merge }) =>
          EXPRESSIONS.map((expression) => holds(expression, mergeFragments(fragments, merge), world.now)),
        );
        expect(truth.map((_, index) => world.subscribed().get(index + 1) === 'realized')).toEqual(truth);
      }
    }),
    { ...OPTIONS, numRuns: 40 },
  );
}, 120_000);

test('values that nobody contradicts stand where they would stand if others were contradicted', () => {
  const records = fc.array(record, { maxLength: 4 });
  fc.assert(
    fc.property(records, fc.constantFrom(...POLICIES), (sent, { merge }) => {
      const { fragments } = fragmentsOf(sent);
      const contradicted = ['crm', 'web'].map((datasetId) => ({
        datasetId,
        values: [{ path: ['unrelated'], value: datasetId, timestamp: 1 }],
      }));
      const { unrelated, ...others } = mergeFragments([...fragments, ...contradicted], merge);
      expect(['crm', 'web']).toContain(unrelated);
      expect({ ...mergeFragments(fragments, merge) }).toEqual(others);
    }),
    OPTIONS,
  );
});
