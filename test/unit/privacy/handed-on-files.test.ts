/** Files without one person: what is everybody else's stays byte for byte. */
import { expect, test } from 'vitest';
import { changeEvent } from '#shared/activation/change-event.ts';
import { withoutPersonInDelivery, withoutPersonInUpload } from '#shared/privacy/handed-on-files.ts';
import { membershipChange } from '#test/support/destinations.ts';

const line = (profileId: string, n: number) =>
  `${JSON.stringify(
    changeEvent(
      membershipChange(n, { profileId, id: `${profileId}-${n}-0` }),
      { identityNamespaces: ['Email'], attributes: ['person.name.firstName'] },
      () => 'Ann',
    ),
  )}\n`;

test('of a delivery the lines of a person stay, without who that was; others are untouched', () => {
  const text = [line('p1', 1), line('p2', 2), line('p1', 3)].join('');

  const kept = withoutPersonInDelivery(text, { profileIds: ['p1'] });

  expect(kept.split('\n')[1]).toBe(line('p2', 2).trimEnd());
  expect(kept.endsWith('\n')).toBe(true);
  const [first, , third] = kept
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each));
  expect(first).toMatchObject({ subject: 'p1', data: { status: 'realized', segmentId: 's1', version: 1 } });
  for (const { data } of [first, third]) {
    expect(data.identityMap).toEqual({});
    expect(data).not.toHaveProperty('attributes');
  }
});

test('a delivery that says nothing of a person, or nothing any more, is the same text', () => {
  const others = line('p2', 2);
  expect(withoutPersonInDelivery(others, { profileIds: ['p1'] })).toBe(others);

  const once = withoutPersonInDelivery(line('p1', 1), { profileIds: ['p1'] });
  expect(withoutPersonInDelivery(once, { profileIds: ['p1'] })).toBe(once);
});

test('of an uploaded audience the identities of a person go, in its namespace only', () => {
  const text = JSON.stringify({ format: 1, namespace: 'CRMID', members: { c1: 5, c2: 6, 'a@example.com': 7 } });
  const identity = (namespace: string, id: string) => ({ namespace, id, primary: false });

  const person = { identities: [identity('CRMID', 'c1'), identity('Email', 'a@example.com')] };
  expect(JSON.parse(withoutPersonInUpload(text, person)).members).toEqual({ c2: 6, 'a@example.com': 7 });
  expect(withoutPersonInUpload(text, { identities: [identity('CRMID', 'constructor')] })).toBe(text);

  const old = JSON.stringify({ format: 1, members: { c1: 5, c2: 6 } });
  expect(JSON.parse(withoutPersonInUpload(old, { identities: [identity('Email', 'c1')] })).members).toEqual({ c2: 6 });
});
