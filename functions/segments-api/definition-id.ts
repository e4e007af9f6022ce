import { Problem } from '#shared/api/problem.ts';
import type { SegmentId } from '#shared/kernel/brand.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isDefinitionId = (id: string): id is SegmentId => UUID.test(id);

/** The id of the path. One that no definition could have is answered as one that none has. */
export function definitionId({ pathParameters }: { readonly pathParameters: { readonly id: string } }): SegmentId {
  const id = pathParameters.id.toLowerCase();
  if (!isDefinitionId(id)) throw unknownDefinition();
  return id;
}

export const unknownDefinition = () => new Problem('not-found', 'No segment definition of this sandbox has this id.');
