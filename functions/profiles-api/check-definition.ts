import { expressionText } from '#shared/api/expression-text.ts';
import { Problem } from '#shared/api/problem.ts';
import { inlineComputed } from '#shared/pql/computed.ts';
import { type Checked, compilePql, type Diagnostic } from '#shared/pql/index.ts';
import { withConsent } from '#shared/profile/consent.ts';
import type { ProfileAttributes, ProfileFragment } from '#shared/profile/profile-attributes.ts';
import { composedSchema } from '#shared/schema/composition.ts';
import { type ComputedTable, schemaWith } from '#shared/segment/computed-table.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';

type Condition = Pick<SegmentDefinition, 'expression' | 'timeZone' | 'declared' | 'dataGovernancePolicy'>;

interface Surroundings {
  readonly computed: ComputedTable;
  /** What data sets say of the person: who never said a word about consent is spared the condition on it. */
  readonly says: Pick<ProfileAttributes, 'fragments'>;
}

const speaksOfConsent = ({ values }: ProfileFragment) => values.some(({ path }) => path[0] === 'consents');

/** The definition's text, which positions count in, and its tree. It was checked when it was kept, by a schema of then. */
export function checkDefinition(
  { expression, timeZone, declared = {}, dataGovernancePolicy }: Condition,
  { computed, says }: Surroundings,
): {
  readonly expression: string;
  /** With what computed attributes stand for in their place. */
  readonly checked: Checked;
} {
  const own = expressionText(expression);
  const isAsked = dataGovernancePolicy.excludeOptOut && says.fragments.some(speaksOfConsent);
  const text = isAsked ? withConsent(own) : own;
  const compiled = compilePql(text, schemaWith(composedSchema(declared), computed), { mode: 'segment', timeZone });
  if (!compiled.ok) throw notValid(compiled.error);
  return { expression: text, checked: inlineComputed(compiled.value.checked, computed.expressions) };
}

const notValid = (diagnostics: readonly Diagnostic[]) =>
  new Problem('invalid-expression', 'The expression of the definition is no longer valid PQL.', { diagnostics });
