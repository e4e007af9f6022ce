import { expect, test } from 'vitest';
import { CorruptBytes } from '#shared/profile/bytes.ts';
import { decodeChunk, encodeChunk } from '#shared/profile/history.ts';
import { DEFAULT_MERGE, mergeFragments } from '#shared/profile/merge-policy.ts';
import { decodeAttributes, NO_ATTRIBUTES, withIdentities, withRecord } from '#shared/profile/profile-attributes.ts';
import type { ReceivedProfileRecord } from '#shared/profile/profile-record.ts';

const record = (datasetId: string, timestamp: number, attributes: Record<string, unknown>): ReceivedProfileRecord => ({
  kind: 'profile',
  source: attributes,
  sandboxName: 'prod',
  identities: [],
  datasetId,
  timestamp,
  attributes,
});

const fragmentsOf = (...records: readonly ReceivedProfileRecord[]) =>
  records.reduce(withRecord, NO_ATTRIBUTES).fragments;
const merged = (...records: readonly ReceivedProfileRecord[]) =>
  JSON.parse(JSON.stringify(mergeFragments(fragmentsOf(...records), DEFAULT_MERGE)));

test('an empty object that another data set adds to stays empty in its own', () => {
  const fragments = fragmentsOf(record('crm', 1, { home: {} }), record('web', 2, { home: { city: 'Oslo' } }));
  const before = JSON.stringify(fragments);

  const attributes = mergeFragments(fragments, DEFAULT_MERGE);

  expect(JSON.parse(JSON.stringify(attributes))).toEqual({ home: { city: 'Oslo' } });
  expect(JSON.stringify(fragments)).toBe(before);
});

test('what was taken away stays away until it is said anew', () => {
  const said = record('crm', 1, { home: { city: 'Oslo' } });

  expect(merged(record('crm', 2, { home: null }), said)).toEqual({});
  expect(merged(record('crm', 2, { home: null }), said, record('crm', 3, { home: { zip: '1' } }))).toEqual({
    home: { zip: '1' },
  });
});

test('data sets may be told apart by rank instead of age', () => {
  const fragments = fragmentsOf(record('web', 9, { tier: 'web', x: 1 }), record('crm', 1, { tier: 'crm' }));

  const attributes = mergeFragments(fragments, { type: 'dataSetPrecedence', order: ['crm'] });

  expect({ ...attributes }).toEqual({ tier: 'crm', x: 1 });
});

test('a hostile path reaches no prototype', () => {
  const attributes = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');

  mergeFragments(fragmentsOf(record('crm', 1, { a: {} }), record('crm', 2, attributes)), DEFAULT_MERGE);

  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('a record that says nothing newer, and identities that are known, change nothing', () => {
  const identities = [{ namespace: 'CRMID', id: 'c1', primary: true }];
  const known = withRecord(withIdentities(NO_ATTRIBUTES, identities), record('crm', 2, { tier: 'gold' }));

  expect(withRecord(known, record('crm', 1, { tier: 'silver' }))).toBe(known);
  expect(withRecord(known, record('crm', 2, { tier: 'gold' }))).toBe(known);
  expect(withIdentities(known, identities)).toBe(known);
});

test('bytes of a format that is not known are refused', () => {
  const chunk = encodeChunk([{ timestamp: -5, packed: Uint8Array.of(1, 2) }]);

  expect(decodeChunk(chunk)).toEqual([{ timestamp: -5, packed: Uint8Array.of(1, 2) }]);
  expect(() => decodeChunk(Uint8Array.of(9, ...chunk.subarray(1)))).toThrow(CorruptBytes);
  expect(() => decodeChunk(Uint8Array.of(1, 255, 255, 255, 255, 15))).toThrow(CorruptBytes);
  expect(() => decodeAttributes(Uint8Array.of(9, 0))).toThrow(CorruptBytes);
});
