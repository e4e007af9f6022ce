import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStreamRecord } from '#shared/profile/stream-record.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import { fieldEntries } from '#shared/schema/field-list.ts';
import { searchFields } from '#shared/schema/field-search.ts';
import { ELEMENTS_PER_LIST_MAX, FIELDS_PER_RECORD_MAX, TOP_VALUES_SHOWN } from '#shared/schema/limits.ts';
import { FieldSketch } from '#shared/schema/observed/field-sketch.ts';
import {
  BatchObserver,
  isSampled,
  type ObservedItem,
  type Subject,
  sampleEvery,
} from '#shared/schema/observed/observe.ts';

const ARRIVAL = Date.parse('2026-03-01T12:00:00Z');
let events = 0;

function itemsOf(records: readonly object[]): readonly ObservedItem[] {
  return records
    .flatMap((record) => readStreamRecord(Buffer.from(JSON.stringify(record)), ARRIVAL))
    .map((item) => {
      if (item.kind === 'reject' || item.kind === 'wake-up') throw new Error(JSON.stringify(item));
      return item;
    });
}

const event = (fields: object, person = 'p-1') => ({
  _id: `e-${++events}`,
  timestamp: '2026-03-01T11:59:00Z',
  identityMap: { CRM: [{ id: person, primary: true }] },
  ...fields,
});
const profileRecord = (attributes: object, person = 'p-1') => ({
  recordType: 'profile',
  datasetId: 'crm',
  timestamp: '2026-03-01T11:59:00Z',
  identityMap: { CRM: [{ id: person, primary: true }] },
  attributes,
});

function observe(records: readonly object[], extensions: SchemaExtensions = {}, weight = 1) {
  const observer = new BatchObserver(new Map([['prod', extensions]]));
  for (const item of itemsOf(records)) observer.observe(item, ARRIVAL, weight);
  const of = (subject: Subject) =>
    new Map(observer.result().flatMap((each) => (each.subject === subject ? [[each.path, each.sketch] as const] : [])));
  const entries = (schema: 'profile' | 'event') => fieldEntries(schema, extensions, of(schema));
  return {
    of,
    entries,
    at: (path: string, schema: 'profile' | 'event' = 'event') =>
      entries(schema).find((entry) => entry.path === path)?.observed,
  };
}

const times = (count: number, make: (index: number) => object) => Array.from({ length: count }, (_, n) => make(n));

describe('the values of a field', () => {
  test('are counted with their shares, among all events and among the event types', () => {
    const bought = { eventType: 'commerce.purchases', commerce: { order: { currencyCode: 'EUR', priceTotal: 100 } } };
    const looked = { eventType: 'commerce.productViews' };
    const { at, of } = observe([
      ...times(3, () => event(bought)),
      event({ ...bought, commerce: { order: { currencyCode: 'KRW', priceTotal: 900 } } }, 'p-2'),
      ...times(4, (n) => event(looked, `p-${n}`)),
    ]);

    expect(at('commerce.order.currencyCode')).toMatchObject({
      count: 4,
      filled: 0.5,
      people: 2,
      distinct: 2,
      sampleRate: 1,
      kind: 'string',
      topValues: [
        { value: 'EUR', share: 0.75 },
        { value: 'KRW', share: 0.25 },
      ],
      eventTypes: [{ eventType: 'commerce.purchases', share: 1 }],
      lastSeen: '2026-03-01T12:00:00.000Z',
    });
    expect(at('commerce.order.priceTotal')).toMatchObject({ range: { min: 100, max: 900 }, kind: 'integer' });
    expect([...of('eventType')].map(([type, { records }]) => [type, records])).toEqual([
      ['commerce.purchases', 4],
      ['commerce.productViews', 4],
    ]);
  });

  test('of a list are counted one by one, its record once', () => {
    const items = { productListItems: [{ SKU: 'A' }, { SKU: 'B' }, { SKU: 'A' }] };
    expect(observe([event(items)]).at('productListItems.SKU')).toMatchObject({
      count: 1,
      topValues: [
        { value: 'A', share: 0.6667 },
        { value: 'B', share: 0.3333 },
      ],
    });
  });

  test('of attributes count profile records', () => {
    const { at } = observe([profileRecord({ homeAddress: { city: 'Seoul' } }), profileRecord({ vip: true }, 'p-2')]);
    expect(at('homeAddress.city', 'profile')).toMatchObject({ count: 1, filled: 0.5, topValues: [{ value: 'Seoul' }] });
    expect(at('vip', 'profile')).toMatchObject({ kind: 'boolean', topValues: [{ value: true, share: 1 }] });
  });

  test('that do not fit the declared type are reported', () => {
    const { at } = observe([
      ...times(3, () => event({ device: { screenHeight: 900 } })),
      event({ device: { screenHeight: 'tall' } }),
    ]);
    expect(at('device.screenHeight')).toMatchObject({ kind: 'integer', conflicts: [{ kind: 'string', share: 0.25 }] });
  });

  test('stand for more where only a sample is looked at, and say so', () => {
    expect(observe([event({ store: 'x' })], {}, 4).at('store')).toMatchObject({ count: 4, sampleRate: 0.25 });
  });

  test('that are times have a range of times', () => {
    const { at } = observe([event({ renewal: '2026-05-01' }), event({ renewal: '2027-01-31T10:00:00+09:00' })]);
    expect(at('renewal')?.range).toEqual({ min: '2026-05-01T00:00:00.000Z', max: '2027-01-31T01:00:00.000Z' });
    expect(at('renewal')?.topValues).toBeUndefined();
  });
});

describe('what could tell who somebody is', () => {
  const withheld = (path: string, fields: object, extensions: SchemaExtensions = {}) => {
    const { of, at } = observe(
      times(3, () => profileRecord(fields)),
      extensions,
    );
    const bytes = Buffer.from(of('profile').get(path)?.toBytes() ?? []);
    return { reason: at(path, 'profile')?.withheld, kept: of('profile').get(path)?.top?.list(), bytes };
  };

  test.each([
    ['personalEmail.address', { personalEmail: { address: 'x' } }, 'label'],
    ['person.name.firstName', { person: { name: { firstName: 'Mira' } } }, 'label'],
    ['identityMap.*.id', {}, 'label'],
    ['crm.userId', { crm: { userId: 'abc' } }, 'name'],
    ['crm.contact_email', { crm: { contact_email: 'x' } }, 'name'],
    ['crm.phoneNumber', { crm: { phoneNumber: '1' } }, 'name'],
    ['nickName', { nickName: 'Mira' }, 'name'],
  ])('is not kept: %s', (path, fields, reason) => {
    const found = withheld(path, fields);
    expect(found.reason).toBe(reason);
    expect(found.kept).toBeUndefined();
  });

  test.each([
    ['mira@example.com'],
    ['+82 10-1234-5678'],
    ['192.168.0.1'],
    ['0b8e2b1e-7b1b-4c0a-9f0e-6b1d2c3d4e5f'],
    ['a1B2c3D4e5F6g7H8i9J0k'],
  ])('is not kept where a field with another name holds it: %s', (value) => {
    const { of } = observe([event({ note: value })]);
    expect(of('event').get('note')?.top?.list()).toEqual([]);
  });

  test('is no path either: keys that look like somebody’s are one', () => {
    const { of } = observe([
      event({ seen: { 'mira@example.com': 1, 'theo@example.com': 2 }, byDay: { '2026-03-01': 1 } }),
    ]);
    expect([...of('event').keys()].filter((path) => /seen|byDay/.test(path))).toEqual(['seen.*', 'byDay.*']);
  });

  test('is decided by the extension where it says so, but never against a label of identity', () => {
    const properties = {
      orderId: { type: 'string', 'meta:observeValues': true },
      tier: { type: 'string', 'meta:observeValues': false },
      code: { type: 'string', 'meta:labels': ['I1'], 'meta:observeValues': true },
    } as const;
    const fields = { orderId: 'B-7', tier: 'gold', code: 'x' };

    expect(withheld('orderId', fields, { profile: { properties } }).reason).toBeUndefined();
    expect(withheld('tier', fields, { profile: { properties } }).reason).toBe('declared');
    expect(withheld('code', fields, { profile: { properties } }).reason).toBe('label');
  });

  test('is not kept in an undeclared field of a labelled object either', () => {
    const properties = { crm: { type: 'object', properties: {}, 'meta:labels': ['I1'] } } as const;
    expect(withheld('crm.motto', { crm: { motto: 'x' } }, { profile: { properties } }).reason).toBe('label');
  });

  test('is hidden at once when a label is set afterwards', () => {
    const { of } = observe([profileRecord({ motto: 'carpe diem' })]);
    const properties = { motto: { type: 'string', 'meta:labels': ['I2'] } } as const;
    const found = fieldEntries('profile', { profile: { properties } }, of('profile')).find(
      ({ path }) => path === 'motto',
    );
    expect(found?.observed?.withheld).toBe('label');
    expect(found?.observed?.topValues).toBeUndefined();
  });

  test('is hidden where hardly any text comes twice', () => {
    const { at } = observe(
      times(120, (n) =>
        event({
          remark: `remark ${'abcdefghij'[n % 10]} ${'klmnopqrst'[Math.floor(n / 10) % 10]}${n > 99 ? 'x' : ''}`,
        }),
      ),
    );
    expect(at('remark')).toMatchObject({ withheld: 'mostly-unique' });
  });
});

describe('a sketch', () => {
  const record = fc.record({ city: fc.constantFrom('Seoul', 'Busan', 'Daegu'), n: fc.integer({ min: 1, max: 500 }) });

  test('of parts, stored and read back, is that of the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(record, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 4 }),
        (parts) => {
          const merged = new Map<string, FieldSketch>();
          for (const part of parts) {
            for (const [path, sketch] of observe(part.map((fields) => event(fields, `p-${fields.n}`))).of('event')) {
              const stored = merged.get(path);
              const next = stored ? FieldSketch.fromBytes(stored.toBytes()) : new FieldSketch();
              if (stored === undefined && sketch.top === undefined) next.withhold();
              next.merge(FieldSketch.fromBytes(sketch.toBytes()));
              merged.set(path, next);
            }
          }
          const whole = observe(parts.flat().map((fields) => event(fields, `p-${fields.n}`)));
          for (const path of ['', 'city', 'timestamp']) {
            const [left, right] = [merged.get(path), whole.of('event').get(path)].map((each) => fieldEntriesOf(each));
            expect(left, path).toEqual(right);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  const fieldEntriesOf = (sketch: FieldSketch | undefined) =>
    sketch && {
      ...{ records: sketch.records, looked: sketch.looked, people: sketch.people.toText() },
      ...{ distinct: sketch.distinct.toText(), top: sketch.top?.list(), numbers: sketch.numbers.toJson() },
      ...{ times: sketch.times, lengths: sketch.lengths, first: sketch.firstSeen, last: sketch.lastSeen },
    };

  test('stays below a few kilobytes, whatever it has seen', () => {
    const { of } = observe(
      times(3_000, (n) => event({ mixed: n % 2 === 0 ? `value number ${n}` : n * 1.37 }, `p-${n}`)),
    );
    expect(of('event').get('mixed')?.toBytes().length).toBeLessThan(6_000);
  });
});

describe('limits', () => {
  test('of fields in a record and of elements in a list hold', () => {
    const names = Array.from({ length: FIELDS_PER_RECORD_MAX + 50 }, (_, n) => `field_${'abcdefghij'[n % 10]}${n}`);
    const wide = Object.fromEntries(names.map((name) => [name, 1]));
    expect(observe([event(wide)]).of('event').size).toBeLessThanOrEqual(FIELDS_PER_RECORD_MAX + 1);
    const list = Array.from({ length: ELEMENTS_PER_LIST_MAX + 5 }, (_, n) => n);
    expect(observe([event({ list })]).at('list')?.range?.max).toBe(ELEMENTS_PER_LIST_MAX - 1);
  });

  test('of values shown hold', () => {
    const { at } = observe(times(60, (n) => event({ letter: `letter ${String.fromCharCode(97 + (n % 20))}` })));
    expect(at('letter')?.topValues?.length).toBe(TOP_VALUES_SHOWN);
  });
});

describe('a sample', () => {
  test('is one of a power of two, and takes the same records each time', () => {
    const items = itemsOf(times(4_000, () => event({})));
    const every = sampleEvery(items.length, 1_000);
    const sampled = items.filter((item) => isSampled(item, every));

    expect(every).toBe(4);
    expect(sampled.length).toBeGreaterThan(800);
    expect(sampled.length).toBeLessThan(1_200);
    expect(items.filter((item) => isSampled(item, every))).toEqual(sampled);
    expect(sampleEvery(1_000, 1_000)).toBe(1);
  });
});

describe('a search', () => {
  const { entries } = observe([
    profileRecord({ homeAddress: { city: 'Seoul' }, loyalty: { tier: 'gold' } }),
    event({ eventType: 'commerce.purchases', commerce: { order: { priceTotal: 5 } } }),
  ]);
  const all = [...entries('profile'), ...entries('event')];
  const found = (query: string) => searchFields(all, query).map(({ entry }) => entry.path);

  test.each([
    ['seoul', 'homeAddress.city'],
    ['SEOUL city', 'homeAddress.city'],
    ['home cit', 'homeAddress.city'],
    ['loyalty ti', 'loyalty.tier'],
    ['stock keeping', 'productListItems.SKU'],
    ['purchases price', 'commerce.order.priceTotal'],
    ['legitimate email', 'consents.marketing.email.val'],
  ])('for "%s" finds %s', (query, path) => {
    expect(found(query)).toContain(path);
  });

  test('says where it found what is not in the name', () => {
    expect(searchFields(all, 'seoul')[0]).toMatchObject({ match: { in: 'value', text: 'Seoul' } });
  });

  test('gives first what is called so', () => {
    expect(found('city')[0]).toBe('homeAddress.city');
    expect(found('city').length).toBeGreaterThan(5);
  });

  test('for what stands nowhere finds nothing, for nothing everything', () => {
    expect(found('zeppelin')).toEqual([]);
    expect(found(' ')).toHaveLength(all.length);
  });
});
