/** What was set aside, given up or kept as events, without one person. */
import { expect, test } from 'vitest';
import { isAboutPerson, isEventOf, namesPerson, withoutPerson } from '#shared/privacy/event-traces.ts';
import { withoutPersonIn } from '#shared/privacy/failed-payload.ts';

const named = (namespace: string, id: string) => ({ namespace, id, primary: false });
const NOW = Date.parse('2026-05-10T09:00:00.000Z');
const person = {
  sandboxName: 'prod',
  identities: [named('Email', 'ann@example.org'), named('CRMID', 'c1')],
  profileIds: ['p1'],
  partitions: ['p1'],
  sharedPartitions: [],
  values: [],
  requestedAt: NOW,
};
const event = (_id: string, identityMap: object, more: object = {}) => ({
  ...{ _id, timestamp: new Date(NOW).toISOString(), eventType: 'view', identityMap },
  ...more,
});
const ann = { Email: [{ id: 'ann@example.org' }] };
const bob = { Email: [{ id: 'bob@example.org' }] };
const bytes = (...values: readonly object[]) =>
  new TextEncoder().encode(values.map((each) => JSON.stringify(each)).join('\n'));
const text = (data: Uint8Array | undefined) => data && new TextDecoder().decode(data);

test('a long id is found wherever it stands, a short one only where it stands alone', () => {
  expect(namesPerson('{"mail":"to ann@example.org now"}', person)).toBe(true);
  expect(namesPerson('{"id":"c1"}', person)).toBe(true);
  expect(namesPerson('{"text":"{\\"id\\":\\"c1\\"}"}', person)).toBe(true);
  expect(namesPerson('{"id":"abc123"}', person)).toBe(false);
});

test('a rejected record is of the sandbox that it names, of prod where it names none, and of any where it can’t be read', () => {
  expect(isAboutPerson(JSON.stringify({ sandboxName: 'other', ...ann }), person)).toBe(false);
  expect(isAboutPerson(JSON.stringify(ann), person)).toBe(true);
  expect(isAboutPerson(JSON.stringify(ann), { ...person, sandboxName: 'other' })).toBe(false);
  expect(isAboutPerson('{"broken": "ann@example.org', { ...person, sandboxName: 'other' })).toBe(true);
});

test('of a record the items of a person go, and the rest is as it was', () => {
  const mixed = withoutPerson(bytes(event('a', ann), event('b', bob)), NOW, person);
  expect(text(mixed)).toBe(JSON.stringify(event('b', bob)));

  const others = bytes(event('b', bob));
  expect(withoutPerson(others, NOW, person)).toBe(others);
  expect(
    withoutPerson(bytes(event('a', { Email: [{ id: 'x' }], CRMID: [{ id: 'c1' }] })), NOW, person),
  ).toBeUndefined();
  const elsewhere = bytes(event('a', ann, { sandboxName: 'other' }));
  expect(withoutPerson(elsewhere, NOW, person)).toBe(elsewhere);
});

test('a stored event is of whom its first identity names', () => {
  const stored = (identityMap: object) => ({ _id: 'a', timestamp: NOW, identityMap }) as never;
  expect(isEventOf(stored({ Email: [{ id: 'ann@example.org', primary: true }] }), person.identities)).toBe(true);
  expect(isEventOf(stored(bob), person.identities)).toBe(false);
});

const failed = (...Records: readonly object[]) =>
  JSON.stringify({ requestContext: {}, payload: JSON.stringify({ Records }) });
const kinesis = (...values: readonly object[]) => ({
  kinesis: { data: Buffer.from(bytes(...values)).toString('base64'), approximateArrivalTimestamp: NOW / 1000 },
});
const rowsOf = (kept: string | undefined) => JSON.parse(JSON.parse(kept ?? '{}').payload).Records as object[];

test('of a batch that was given up the records of others stay, and nothing is left of one that is theirs alone', () => {
  const kept = withoutPersonIn(failed(kinesis(event('a', ann)), kinesis(event('b', bob), event('c', ann))), person);
  expect(rowsOf(kept)).toEqual([{ kinesis: { ...kinesis(event('b', bob)).kinesis } }]);
  expect(withoutPersonIn(failed(kinesis(event('a', ann))), person)).toBeUndefined();
  const others = failed(kinesis(event('b', bob)));
  expect(withoutPersonIn(others, person)).toBe(others);
});

test('of an image of the table the key stays, for the profile must publish again that it is gone', () => {
  const image = (pk: string) => ({ dynamodb: { Keys: { pk: { S: pk }, sk: { S: 'H' } }, NewImage: { data: {} } } });
  const kept = withoutPersonIn(failed(image('prod#p1'), image('prod#p2')), person);

  expect(rowsOf(kept)).toEqual([{ dynamodb: { Keys: image('prod#p1').dynamodb.Keys } }, image('prod#p2')]);
  expect(withoutPersonIn(kept ?? '', person)).toBe(kept);
});
