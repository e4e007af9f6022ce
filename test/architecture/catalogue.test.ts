import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { effectOf, routeKeyOf } from '#shared/api/operation.ts';

const twice = (values: readonly string[]) => values.filter((value, index) => values.indexOf(value) !== index);

test('an id names one operation, and so does a route', () => {
  expect(twice(CATALOGUE.map(({ id }) => id))).toEqual([]);
  expect(twice(CATALOGUE.map(routeKeyOf))).toEqual([]);
});

describe.each(CATALOGUE.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  const { method, roles, responses, body } = operation;

  test('has an id that is a verb and a noun, a summary without a full stop, and a tag', () => {
    expect(id).toMatch(/^[a-z]+([A-Z][a-z]+)+$/);
    expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(operation.tag).toMatch(/^[A-Z]/);
  });

  test('is open to admins, and for those who only look changes nothing that stays', () => {
    expect(roles).toContain('admin');
    expect(roles.includes('viewer') ? effectOf(operation) : undefined).not.toBe('settings');
  });

  test('has one answer at least, and a body only where the method has one', () => {
    expect(Object.keys(responses).length).toBeGreaterThan(0);
    expect(['GET', 'DELETE'].includes(method) ? body : undefined).toBeUndefined();
  });
});
