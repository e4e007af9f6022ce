/** What must hold of a computed attribute before it is published: by itself, beside the others, and for all who read it. */
import { invalidExpression } from '#shared/api/expression-text.ts';
import { Problem } from '#shared/api/problem.ts';
import { inlineComputed, outgrown } from '#shared/pql/computed.ts';
import { windowsBeyond } from '#shared/pql/incremental/retention.ts';
import { type Checked, check, dependencies, parse } from '#shared/pql/index.ts';
import { composedSchema } from '#shared/schema/composition.ts';
import type { ComputedAttribute } from '#shared/segment/computed-attribute.ts';
import { type ComputedTable, checkComputed, schemaWith } from '#shared/segment/computed-table.ts';
import type { RulesArtifact, RulesComputedAttribute, RulesDefinition } from '#shared/segment/rules.ts';
import { computedReadersOf, readersOf } from '#shared/segment/rules-computed.ts';

/** `candidate` among the published ones in place of the one with its id. */
export function requireSound(
  candidate: RulesComputedAttribute,
  { definitions, computed = [], ...rules }: RulesArtifact,
  retentionMs: number,
): void {
  const all = [...computed.filter(({ id }) => id !== candidate.id), candidate];
  const { table, mistakes, loop } = checkComputed(all);
  if (loop !== undefined) {
    throw new Problem('definition-loop', `The attribute would depend on its own value: ${loop.join(' → ')}.`);
  }
  const own = mistakes.find(({ name }) => name === candidate.name);
  if (own !== undefined) throw invalidExpression(own.diagnostics);
  const checked = table.expressions.get(candidate.name) as Checked;
  requireValue(checked, retentionMs);
  const others = mistakes.map(({ name, diagnostics: [first] }) => `computed.${name} (${first?.message})`);
  const readers = readersOf(candidate.name, { ...rules, definitions, computed: all });
  requireReaders([...others, ...readers.flatMap((definition) => mistakeOf(definition, table))]);
}

function requireValue(checked: Checked, retentionMs: number): void {
  const tooLong = windowsBeyond(checked, retentionMs);
  if (tooLong.length > 0) throw invalidExpression(tooLong);
  if (dependencies(checked).segments.length > 0) {
    throw notAllowed('asks for a segment, which a computed attribute can not: segments read computed attributes');
  }
}

function notAllowed(message: string): Problem {
  const mistakes = [{ pointer: '/expression/value', message }];
  return new Problem('invalid-expression', `The expression ${message}.`, { mistakes });
}

/** Who reads it must be able to do with its new type, and not outgrow the limits with it. */
function mistakeOf(
  { id, name, expression, timeZone, declared = {} }: RulesDefinition,
  table: ComputedTable,
): readonly string[] {
  const parsed = parse(expression);
  if (!parsed.ok) return [];
  const { expression: written, diagnostics } = check(parsed.value, schemaWith(composedSchema(declared), table), {
    mode: 'segment',
    timeZone,
  });
  const size = outgrown(inlineComputed(written, table.expressions));
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error === undefined && size === undefined) return [];
  return [`"${name}" (${id}: ${error?.message ?? size})`];
}

function requireReaders(mistakes: readonly string[]): void {
  if (mistakes.length === 0) return;
  throw new Problem('in-use', `Others that read it could not do with the new expression: ${mistakes.join(', ')}.`);
}

/** Refuses to take away an attribute, or its name, that published expressions read. */
export function requireUnread({ name }: ComputedAttribute, rules: RulesArtifact): void {
  const attributes = computedReadersOf(name, rules.computed ?? []).map((reader) => `computed.${reader.name}`);
  const definitions = readersOf(name, rules).map((reader) => `"${reader.name}" (${reader.id})`);
  const readers = [...attributes, ...definitions];
  if (readers.length === 0) return;
  throw new Problem(
    'in-use',
    `computed.${name} is read by ${readers.join(', ')}: change ${readers.length > 1 ? 'them' : 'it'} first.`,
  );
}
