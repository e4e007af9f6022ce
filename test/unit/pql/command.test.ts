import { expect, test } from 'vitest';
import { COMMANDS } from '../../../scripts/pql/commands.ts';

const run = (command: string, line: unknown) =>
  COMMANDS.get(command)?.(typeof line === 'string' ? line : JSON.stringify(line));

test.each([
  [{ expression: 'n + 1', profile: { n: 4 }, mode: 'value' }, 5],
  [{ expression: 'n + 1', profile: { n: 4 } }, true],
  [{ expression: 'n + 1' }, false],
  [{ expression: 'xEvent.count()', mode: 'value', events: [{ _id: 'a', timestamp: 1 }] }, 1],
  [{ expression: 'now', mode: 'value', now: 5 }, 5],
  [{ expression: 'now', mode: 'value', now: '1970-01-01T00:00:01+00:00' }, 1000],
  [{ expression: 'now.getHour()', mode: 'value', now: 0, timeZone: 'Asia/Tokyo' }, 9],
  [{ expression: 'n', mode: 'value', profile: null, events: null, now: null }, null],
  [{ expression: 'inSegment("a")', segments: ['a'] }, true],
  [{ expression: 'inSegment("a")', profile: { segmentMembership: { ups: { a: { status: 'realized' } } } } }, true],
  [{ expression: 'inSegment("a")', profile: { segmentMembership: { ups: { a: { status: 'exited' } } } } }, false],
  [{ expression: 'inSegment("a")' }, false],
])('eval %j', (line, value) => {
  expect(run('eval', line)).toEqual({ value });
});

test.each([
  ['', 'PQL0001'],
  ['{', 'PQL0001'],
  ['[]', 'PQL0001'],
  ['null', 'PQL0001'],
  ['{}', 'PQL0001'],
  ['{"expression": 5}', 'PQL0001'],
  ['{"expression": "a", "profile": []}', 'PQL0001'],
  ['{"expression": "a", "events": {}}', 'PQL0001'],
  ['{"expression": "a", "events": [1]}', 'PQL0001'],
  ['{"expression": "a", "now": "soon"}', 'PQL0001'],
  ['{"expression": "a", "mode": "both"}', 'PQL0001'],
  ['{"expression": "a", "timeZone": 5}', 'PQL0001'],
  ['{"expression": "a", "segments": {}}', 'PQL0001'],
  ['{"expression": "a ="}', 'PQL2001'],
  ['{"expression": "cuont(a)"}', 'PQL3001'],
])('eval of %j answers with a diagnostic', (line, code) => {
  expect(run('eval', line)).toMatchObject({ diagnostics: [{ code, severity: 'error' }] });
});

test('check tells the type', () => {
  expect(run('check', { expression: 'xEvent.count()' })).toEqual({ type: 'integer', diagnostics: [] });
});

test('explain shows the canonical form, the dependencies and the class', () => {
  expect(run('explain', { expression: 'xEvent.exists(eventType = "a") or inSegment("b")' })).toMatchObject({
    canonical: 'inSegment("b") or xEvent[eventType = "a"].count() >= 1',
    evaluationClass: 'incremental',
    dependencies: { segments: ['b'], readsEvents: true },
  });
});

test('text goes to JSON and back', () => {
  const expression = 'orders[total > 5].count() >= 2 and t occurs <= 3 days before now';
  const { value } = run('to-json', { expression }) as { value: unknown };
  expect(run('to-text', { expression: value })).toEqual({ value: expression });
  expect(run('to-text', { expression: JSON.stringify(value) })).toEqual({ value: expression });
});

test.each(['{}', '{"expression": "{"}', 'x'])('to-text of %j answers with a diagnostic', (line) => {
  expect(run('to-text', line)).toMatchObject({ diagnostics: [{ code: 'PQL0001' }] });
});
