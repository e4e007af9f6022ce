/** Requests and responses of `/config/mergePolicies`: names and values are those of the published profile API. */
import * as z from 'zod';
import { DATASET_ID_LENGTH_MAX } from '#shared/profile/profile-record.ts';
import type { MergePolicy } from '#shared/segment/merge-policy-resource.ts';
import { authoredLine, authoredLines } from './authored-text.ts';

export const MERGE_POLICIES_PER_SANDBOX_MAX = 40;
export const DATASETS_IN_ORDER_MAX = 100;
const NAME_LENGTH_MAX = 255;
const DESCRIPTION_LENGTH_MAX = 4000;

const isWithoutRepeats = (ids: readonly string[]) => new Set(ids).size === ids.length;

const order = z
  .array(z.string().min(1).max(DATASET_ID_LENGTH_MAX))
  .min(1)
  .max(DATASETS_IN_ORDER_MAX)
  .refine(isWithoutRepeats, 'names a data set twice');

/** In `order` the strongest data set comes first; those that it does not name come after all that it does. */
export const attributeMerge = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('timestampOrdered') }),
  z.strictObject({ type: z.literal('dataSetPrecedence'), order }),
]);

const name = authoredLine(NAME_LENGTH_MAX).trim().min(1);

const authored = {
  name,
  description: authoredLines(DESCRIPTION_LENGTH_MAX).optional(),
  attributeMerge,
  /** Definitions that name no policy go by the default one. Setting it takes it from the policy that had it. */
  default: z.boolean().optional(),
  /** Taken because clients of the original send it: the identity graph is one for a sandbox. */
  identityGraph: z.strictObject({ type: z.enum(['none', 'pdg']) }).optional(),
  schema: z.strictObject({ name: z.literal('_xdm.context.profile') }).optional(),
  isActiveOnEdge: z.literal(false).optional(),
} as const;

export const createMergePolicy = z.strictObject({ ...authored, imsOrgId: z.string().max(200).optional() });

/** A client may send back the whole of what it read: what only the service writes is taken and left alone. */
export const patchMergePolicy = z.strictObject({
  ...authored,
  name: name.optional(),
  attributeMerge: attributeMerge.optional(),
  id: z.string().max(200).optional(),
  builtIn: z.boolean().optional(),
  imsOrgId: z.string().max(200).optional(),
  sandbox: z.looseObject({}).optional(),
  version: z.number().optional(),
  creationTime: z.number().optional(),
  updateTime: z.number().optional(),
  updateEpoch: z.number().optional(),
});
export type PatchMergePolicy = z.output<typeof patchMergePolicy>;

export const mergePolicyResource = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  sandbox: z.strictObject({ sandboxName: z.string(), default: z.boolean() }),
  schema: z.strictObject({ name: z.string() }),
  attributeMerge,
  default: z.boolean(),
  /** Always there; it can be made the default, and neither changed nor deleted. */
  builtIn: z.boolean(),
  version: z.number().int(),
  creationTime: z.number().int(),
  updateTime: z.number().int(),
  updateEpoch: z.number().int(),
});
export type MergePolicyResource = z.output<typeof mergePolicyResource>;

export const mergePolicyList = z.strictObject({
  _page: z.strictObject({ totalCount: z.number().int(), pageSize: z.number().int() }),
  children: z.array(mergePolicyResource),
  _links: z.strictObject({}),
});
export type MergePolicyList = z.output<typeof mergePolicyList>;

export const deletedMergePolicy = z.strictObject({ status: z.boolean(), message: z.string() });

export function toMergePolicyResource(
  { sandboxName, attributeMerge: merge, ...policy }: MergePolicy,
  is: { readonly default: boolean; readonly builtIn: boolean },
): MergePolicyResource {
  return {
    ...policy,
    sandbox: { sandboxName, default: sandboxName === 'prod' },
    schema: { name: '_xdm.context.profile' },
    attributeMerge: merge.type === 'dataSetPrecedence' ? { type: merge.type, order: [...merge.order] } : merge,
    ...is,
    updateEpoch: Math.floor(policy.updateTime / 1000),
  };
}
