/** Random lives whose definitions read computed attributes, which read each other and change on the way. */

import { inlineComputed, unknownComputed } from '#shared/pql/computed.ts';
import type { Plan } from '#shared/pql/incremental/plan.ts';
import { check, hasErrors, parse } from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { type ComputedTable, checkComputed, schemaWith } from '#shared/segment/computed-table.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
import type { RulesChange, RulesComputedAttribute } from '#shared/segment/rules.ts';
import type { Choices } from '../pql/choices.ts';
import { computedConditionText, valueText } from './conditions.ts';

const NAMES = ['c0', 'c1', 'c2'] as const;
const PLAIN = 'xEvent[eventType = "view"].count()';

const withoutSegments = (text: string) =>
  text.replaceAll('inSegment("in")', 'true').replaceAll('inSegment("out")', 'false');

/** As far as it is accepted together with those before it; a plain one otherwise. */
function drawAttribute(c: Choices, before: readonly RulesComputedAttribute[], version: number): RulesComputedAttribute {
  const name = NAMES[before.length] as string;
  const own = withoutSegments(valueText(c));
  const other = before.length > 0 && c.chance(50) ? `computed.${NAMES[c.below(before.length)]}` : undefined;
  const text = other === undefined ? own : c.of([`if(${other}, 1, 2)`, `${other}`, `(${own}) = ${other}`]);
  const accepted = checkComputed([...before, { id: name, name, version, expression: text }]);
  return { id: name, name, version, expression: accepted.mistakes.length === 0 ? text : PLAIN };
}

export interface ComputedRules {
  readonly changes: readonly RulesChange[];
  readonly attributes: readonly RulesComputedAttribute[];
}

export function drawComputedRules(c: Choices): ComputedRules {
  const attributes: RulesComputedAttribute[] = [];
  for (let count = 1 + c.below(NAMES.length); count > 0; count--) attributes.push(drawAttribute(c, attributes, 1));
  const { table } = checkComputed(attributes);
  const definitions = Array.from({ length: 1 + c.below(3) }, (_, index): RulesChange => {
    const id = `segment-${index}`;
    return { kind: 'put', definition: { id, name: id, version: 1, expression: drawReader(c, attributes, table) } };
  });
  const puts = attributes.map((attribute): RulesChange => ({ kind: 'put-computed', attribute, changedAt: 1 }));
  return { attributes, changes: [...puts, ...definitions] };
}

/** Another expression for one of them, if whoever reads it can do with it. */
export function drawComputedChange(c: Choices, { attributes, changes }: ComputedRules): readonly RulesChange[] {
  const index = c.below(attributes.length);
  const before = attributes.slice(0, index);
  const attribute = drawAttribute(c, before, 2);
  const all = attributes.with(index, attribute);
  const { table, mistakes } = checkComputed(all);
  const expressions = changes.flatMap((change) => (change.kind === 'put' ? [change.definition.expression] : []));
  const isFit = mistakes.length === 0 && expressions.every((expression) => isAccepted(expression, table));
  return isFit ? [{ kind: 'put-computed', attribute, changedAt: 1 }] : [];
}

function drawReader(c: Choices, attributes: readonly RulesComputedAttribute[], table: ComputedTable): string {
  const text = withoutSegments(computedConditionText(c, c.of(attributes).name));
  return isAccepted(text, table) ? text : `computed.${attributes[0]?.name}.isNull()`;
}

function isAccepted(text: string, table: ComputedTable): boolean {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  const { expression, diagnostics } = check(parsed.value, schemaWith(defaultSchema, table), { mode: 'segment' });
  if (hasErrors(diagnostics) || unknownComputed(inlineComputed(expression, table.expressions)).length > 0) return false;
  return !isRechecked(analyzeDefinition({ expression: text }, table).plan);
}

/** Its next change can't be told, so that it is looked at every minute: late by less than that, and not exact. */
const isRechecked = (plan: Plan): boolean =>
  plan.nextFlip({ profile: {}, rows: () => [], now: 0, inSegment: () => false }) === 60_000;
