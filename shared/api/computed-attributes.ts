/** Requests and responses of `/ca/attributes`: names and values are those of the published API of computed attributes. */
import * as z from 'zod';
import { COMPUTED_STATUSES, type ComputedAttribute } from '#shared/segment/computed-attribute.ts';
import { authoredLine, authoredLines } from './authored-text.ts';
import { EXPRESSION_LENGTH_MAX } from './segment-definitions.ts';

export const COMPUTED_ATTRIBUTES_PER_SANDBOX_MAX = 100;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const DISPLAY_NAME_LENGTH_MAX = 255;
const DESCRIPTION_LENGTH_MAX = 4000;

const name = z.string().regex(NAME, 'must be a letter or _, then at most 63 letters, digits and _');

const expression = z.strictObject({
  type: z.literal('PQL'),
  format: z.enum(['pql/text', 'pql/json']),
  value: z.string().min(1).max(EXPRESSION_LENGTH_MAX),
});

const authored = {
  name,
  displayName: authoredLine(DISPLAY_NAME_LENGTH_MAX).trim().min(1).optional(),
  description: authoredLines(DESCRIPTION_LENGTH_MAX).optional(),
  expression,
  /** Where the value stands on the profile. */
  path: z.literal('computed', 'must be "computed": expressions read the value as computed.<name>').optional(),
  schema: z.strictObject({ name: z.literal('_xdm.context.profile') }).optional(),
  /** `NEW` publishes, as clients of the original ask for it; what is published is `PROCESSED` at once. */
  status: z.enum([...COMPUTED_STATUSES, 'NEW']).optional(),
  keepCurrent: z.literal(true, 'must be true: a value is always as of the instant at which it is read').optional(),
} as const;

export const createComputedAttribute = z.strictObject({
  ...authored,
  type: z.literal('ComputedAttribute').optional(),
  imsOrgId: z.string().max(200).optional(),
});

/** A client may send back the whole of what it read: what only the service writes is taken and left alone. */
export const patchComputedAttribute = z.strictObject({
  ...authored,
  name: name.optional(),
  expression: expression.optional(),
  id: z.string().max(200).optional(),
  type: z.literal('ComputedAttribute').optional(),
  imsOrgId: z.string().max(200).optional(),
  sandbox: z.looseObject({}).optional(),
  version: z.number().optional(),
  createEpoch: z.number().optional(),
  updateEpoch: z.number().optional(),
});
export type PatchComputedAttribute = z.output<typeof patchComputedAttribute>;

export const computedAttributeResource = z.strictObject({
  id: z.string(),
  type: z.literal('ComputedAttribute'),
  name: z.string(),
  displayName: z.string(),
  description: z.string().optional(),
  path: z.literal('computed'),
  expression,
  schema: z.strictObject({ name: z.string() }),
  status: z.enum(COMPUTED_STATUSES),
  keepCurrent: z.literal(true),
  sandbox: z.strictObject({ sandboxName: z.string(), default: z.boolean() }),
  version: z.number().int(),
  /** Seconds. */
  createEpoch: z.number().int(),
  updateEpoch: z.number().int(),
});
export type ComputedAttributeResource = z.output<typeof computedAttributeResource>;

export const computedAttributeList = z.strictObject({
  _page: z.strictObject({ totalCount: z.number().int(), pageSize: z.number().int() }),
  children: z.array(computedAttributeResource),
  _links: z.strictObject({}),
});
export type ComputedAttributeList = z.output<typeof computedAttributeList>;

export const deletedComputedAttribute = z.strictObject({ status: z.boolean(), message: z.string() });

const secondsOf = (instant: number) => Math.floor(instant / 1000);

export function toComputedAttributeResource(attribute: ComputedAttribute): ComputedAttributeResource {
  const { id, name: own, displayName = own, description, expression: written, schema, status, sandboxName } = attribute;
  return {
    id,
    type: 'ComputedAttribute',
    name: own,
    displayName,
    ...(description === undefined ? {} : { description }),
    path: 'computed',
    expression: { ...written },
    schema: { ...schema },
    status,
    keepCurrent: true,
    sandbox: { sandboxName, default: sandboxName === 'prod' },
    version: attribute.version,
    createEpoch: secondsOf(attribute.creationTime),
    updateEpoch: secondsOf(attribute.updateTime),
  };
}
