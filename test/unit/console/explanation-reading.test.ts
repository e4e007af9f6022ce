import { expect, test } from 'vitest';
import {
  decidingOf,
  type ExplanationNode,
  isConsent,
  isFarOff,
  turnedRound,
} from '#console/src/segment-detail/explanation-reading.ts';
import { OPT_OUT } from '#shared/profile/consent.ts';

const node = (kind: ExplanationNode['kind'], given: Partial<ExplanationNode> = {}): ExplanationNode => ({
  ...{ kind, text: '', start: 0, end: 0, value: null, outcome: true, decisive: true, sensitive: true, children: [] },
  ...given,
});

const viewed = node('test');
const bought = node('test', { outcome: false });
const notBought = node('not', { children: [bought] });
const consent = node('not', {
  text: `not (${OPT_OUT})`,
  children: [node('or', { children: [node('test'), node('test')] })],
});

test('“not” before one condition is said with it, before a group it is not', () => {
  expect(turnedRound(notBought)).toBe(bought);
  expect(turnedRound(consent)).toBeUndefined();
});

test('whoever has not opted out is in by the rule, and not by that', () => {
  expect(isConsent(consent)).toBe(true);
  expect(isConsent(notBought)).toBe(false);
  expect(decidingOf(node('and', { children: [viewed, notBought, consent] }))).toBe(2);
  expect(decidingOf(node('and', { children: [viewed, node('not', { ...consent, outcome: false })] }))).toBe(2);
});

test('a change by the end of the retention is nothing to wait for', () => {
  expect(isFarOff('2029-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:00Z'))).toBe(true);
  expect(isFarOff('2026-12-31T00:00:00Z', Date.parse('2026-01-01T00:00:00Z'))).toBe(false);
});
