import { expect, test } from 'vitest';
import { compilePattern } from '#local/event-source/filter-pattern.ts';

const hasChanges = { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { changes: { B: [{ exists: true }] } } } };
const image = (eventName: string, NewImage?: object) => ({ eventName, dynamodb: { NewImage } });

test.each<[string, object, object, boolean]>([
  ['all fields hold', hasChanges, image('MODIFY', { changes: { B: 'AAE=' } }), true],
  ['another event name', hasChanges, image('REMOVE', { changes: { B: 'AAE=' } }), false],
  ['a field that must exist and does not', hasChanges, image('INSERT', { version: { N: '1' } }), false],
  ['an image that is missing', hasChanges, image('REMOVE'), false],
  ['a field that must not exist', { a: [{ exists: false }] }, { b: 1 }, true],
  ['a prefix', { a: [{ prefix: 'sh' }] }, { a: 'shoal' }, true],
  ['a suffix', { a: [{ suffix: 'sh' }] }, { a: 'shoal' }, false],
  ['equality without case', { a: [{ 'equals-ignore-case': 'SHOAL' }] }, { a: 'shoal' }, true],
  ['anything but a value', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
  ['anything but a prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'yx' }, true],
  ['a numeric range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
  ['a number that is text', { a: [{ numeric: ['=', 5] }] }, { a: '5' }, false],
  ['one item of a list', { a: ['x'] }, { a: ['w', 'x'] }, true],
  ['null', { a: [null] }, { a: null }, true],
  ['one of two patterns', { $or: [{ a: [1] }, { b: [2] }] }, { b: 2 }, true],
])('%s', (_, pattern, event, expected) => {
  expect(compilePattern(pattern, 'test')(event)).toBe(expected);
});

test('a kind of pattern that is not known is an error by name', () => {
  expect(() => compilePattern({ a: [{ cidr: '10.0.0.0/8' }] }, 'Mapping.FilterCriteria')).toThrow(
    /FilterCriteria\.a.*cidr/,
  );
});
