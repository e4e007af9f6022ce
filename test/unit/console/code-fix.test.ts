import { expect, test } from 'vitest';
import { fixOf } from '#console/src/segment-builder/code-fix.ts';
import { compileRule } from '#console/src/segment-builder/compile-rule.ts';

const fixed = (text: string) => compileRule(text).diagnostics.map((diagnostic) => fixOf(diagnostic, text)?.text);

test('a function that was mistyped is put right where it stands', () => {
  expect(fixed('xEvent[eventType = "cuont"].cuont() >= 1')).toEqual(['xEvent[eventType = "cuont"].count() >= 1']);
});

test('a mistake of another kind has no fix', () => {
  expect(fixed('loyalty.tier = ')).toEqual([undefined]);
});
