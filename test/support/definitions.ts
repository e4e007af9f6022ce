import type { Instant, SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';

/** A definition as the service would have made it; a test states only what it is about. */
export function definition(parts: Partial<SegmentDefinition> = {}): SegmentDefinition {
  return {
    id: '00000000-0000-4000-8000-000000000001' as SegmentId,
    sandboxName: 'prod' as SandboxName,
    name: 'Adults',
    schema: { name: '_xdm.context.profile' },
    expression: { type: 'PQL', format: 'pql/text', value: 'person.age >= 18' },
    dataGovernancePolicy: { excludeOptOut: true },
    evaluation: { evaluationClass: 'incremental', reasons: ['it reads attributes only'] },
    lifecycleState: 'published',
    labels: [],
    tags: [],
    version: 1,
    creationTime: 1000 as Instant,
    updateTime: 1000 as Instant,
    ...parts,
  };
}

/** Ids that sort as they are numbered. */
export const definitionId = (number: number) =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as SegmentId;
