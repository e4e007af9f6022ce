/** Expressions on their way to a definition: checked, explained, spelled the other way. Nothing is stored. */
import * as z from 'zod';
import { LIFECYCLE_STATES } from '#shared/segment/segment-definition.ts';
import { evaluationInfo } from './evaluation-info.ts';
import { authored, patchSegmentDefinition, segmentDefinitionResource } from './segment-definitions.ts';
import { diagnosticResource } from './segment-versions.ts';

/** A definition as it is or is going to be: what is sent besides the expression is answered as it came. */
export const convertExpression = z.strictObject({ ...patchSegmentDefinition.shape, expression: authored.expression });

export const convertedExpression = z.looseObject({
  name: z.string().optional(),
  expression: segmentDefinitionResource.shape.expression,
});

export const validateDefinition = z.strictObject({
  expression: authored.expression,
  timeZone: authored.timeZone,
  mergePolicyId: authored.mergePolicyId,
  evaluationInfo: authored.evaluationInfo,
  /** Of the definition that is being edited, so that a loop through it is found. */
  id: z.uuid().optional(),
  name: authored.name.optional(),
});
export type ValidateDefinition = z.output<typeof validateDefinition>;

const segmentUse = z.strictObject({
  /** As it stands in the expression: an id or a name. */
  reference: z.string(),
  id: z.string().optional(),
  name: z.string().optional(),
  /** Absent where nothing has this id or name. */
  lifecycleState: z.enum(LIFECYCLE_STATES).optional(),
});

export const validatedDefinition = z.strictObject({
  /** No error: it could be published as it is. */
  valid: z.boolean(),
  /** Of the expression, warnings included. */
  diagnostics: z.array(diagnosticResource).readonly(),
  /** What else stands against publishing it. */
  problems: z.array(z.strictObject({ code: z.string(), message: z.string(), pointer: z.string().optional() })),
  /** The rest is there where the expression could be read. */
  expression: z.strictObject({ text: z.string(), json: z.string() }).optional(),
  evaluationInfo: evaluationInfo.optional(),
  dependencies: z
    .strictObject({
      attributes: z.array(z.string()).readonly(),
      eventTypes: z.union([z.array(z.string()).readonly(), z.literal('any')]),
      eventFields: z.array(z.string()).readonly(),
      segments: z.array(segmentUse),
    })
    .optional(),
  estimate: z
    .strictObject({
      /** Of a profile that it concerns. */
      stateBytes: z.strictObject({ typical: z.number(), most: z.number() }),
      evaluatedOn: z.union([z.array(z.string()).readonly(), z.literal('any')]),
      readsHistory: z.boolean(),
      /** Added to each write of a profile that it concerns: DynamoDB bills by the kilobyte. */
      writeUnits: z.strictObject({ typical: z.number(), most: z.number() }),
    })
    .optional(),
});
export type ValidatedDefinition = z.output<typeof validatedDefinition>;
