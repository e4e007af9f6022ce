import type { SandboxName } from '#shared/kernel/brand.ts';
import { COMPUTED } from '#shared/pql/computed.ts';
import { type ComputedTable, computedTable, NO_COMPUTED } from '#shared/segment/computed-table.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import type { SegmentPorts } from './ports.ts';

/** The computed attributes of the sandbox, where an expression may read any: most don't, and are spared the look. */
export async function computedIn(
  sandboxName: SandboxName,
  { expression }: Pick<SegmentDefinition, 'expression'>,
  { segments, artifacts }: Pick<SegmentPorts, 'segments' | 'artifacts'>,
): Promise<ComputedTable> {
  if (!expression.value.includes(COMPUTED)) return NO_COMPUTED;
  const pointer = await segments.findRules(sandboxName);
  return pointer === undefined ? NO_COMPUTED : computedTable((await artifacts.get(pointer.artifactKey)).computed);
}
