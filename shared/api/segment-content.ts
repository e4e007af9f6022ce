/** What of a definition an author decides, and so what versions and the audit trail compare. */
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { type Difference, differencesOf } from './difference.ts';

const CONTENT = [
  'name',
  'description',
  'schema',
  'expression',
  'timeZone',
  'mergePolicyId',
  'profileInstanceId',
  'payloadSchema',
  'dataGovernancePolicy',
  'kind',
  'origin',
  'lifecycleState',
  'folder',
  'labels',
  'tags',
] as const;

export type SegmentContent = Pick<SegmentDefinition, (typeof CONTENT)[number]>;

export function contentOf(definition: SegmentDefinition): SegmentContent {
  const fields = CONTENT.map((name) => [name, definition[name]] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as unknown as SegmentContent;
}

/** All fields, those that it has not as `null`: what turns any definition into one with this content. */
export const wholeContentOf = (definition: SegmentDefinition) =>
  Object.fromEntries(CONTENT.map((name) => [name, definition[name] ?? null])) as {
    readonly [Field in keyof SegmentContent]: SegmentContent[Field] | null;
  };

export const contentDifferences = (
  before: SegmentDefinition | undefined,
  after: SegmentDefinition | undefined,
): Difference[] => differencesOf(before && contentOf(before), after && contentOf(after));
