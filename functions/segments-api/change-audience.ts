/** Audiences that are made, replaced and patched: each is a change of the definition behind it. */

import { applyPatch } from 'rfc6902';
import type * as z from 'zod';
import { originIn, requireOwnOrigin, withoutOrigin } from '#shared/api/audience-origin.ts';
import {
  type AudienceContent,
  type AudienceType,
  audienceContent,
  externalContent,
  toAudience,
  typeOf,
} from '#shared/api/audiences.ts';
import type {
  createAudience as createOperation,
  patchAudience as patchOperation,
  replaceAudience as replaceOperation,
} from '#shared/api/operations/audiences.ts';
import { parseBody } from '#shared/api/parse-request.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import { contentOf } from '#shared/api/segment-content.ts';
import { etagOf } from '#shared/api/segment-definitions.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { usesAmong } from './audiences.ts';
import { kindOf } from './change-definition.ts';
import { declaredField, declaredFor } from './check-expression.ts';
import { type Change, type Changed, changedAnswer, commitChange } from './commit-change.ts';
import { create, SCHEMA_DEFAULT } from './create-definition.ts';
import { createExternal, requireNoExpression } from './create-external.ts';
import { definitionId, unknownDefinition } from './definition-id.ts';
import { nextVersion, type Revision } from './next-version.ts';
import type { SegmentPorts } from './ports.ts';

export async function createAudience(
  request: OperationRequest<typeof createOperation>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { type, expression, ...body } = request.body;
  if (type === 'ExternalSegment') return answer(await createExternal(request, ports), request, ports);
  requireOwnOrigin(body, {});
  return answer(
    await create({ ...request, body: { ...withoutOrigin(body), expression: required(expression) } }, ports),
    request,
    ports,
  );
}

function required(expression: AudienceContent['expression'] | undefined): AudienceContent['expression'] {
  if (expression !== undefined) return expression;
  const mistakes = [{ pointer: '/expression', message: 'is missing: only an ExternalSegment is made without one' }];
  throw new Problem('invalid-request', 'The audience has no expression.', { mistakes });
}

export async function replaceAudience(
  request: OperationRequest<typeof replaceOperation>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { type, ttlInDays, evaluationInfo, note, ...said } = request.body;
  const content = withoutOrigin(said);
  const extensions = extensionsOf(await ports.schemas.find(request.sandbox));
  return change(request, ports, (before) => {
    requireType(type, before);
    if (before.kind === 'external') {
      requireNoExpression(request.body);
      return { fields: { ...wholeOf(content, before), origin: originIn(said) ?? null }, author: request, note };
    }
    requireOwnOrigin(said, { audienceId: before.id });
    const expression = required(content.expression);
    const declared = declaredField(declaredFor(expression, extensions));
    const fields = { ...wholeOf({ ...content, expression }, before), ...kindOf(before, evaluationInfo), ...declared };
    return { fields, author: request, note };
  });
}

export async function patchAudience(
  request: OperationRequest<typeof patchOperation>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const extensions = extensionsOf(await ports.schemas.find(request.sandbox));
  return change(request, ports, (before) => {
    if (before.kind === 'external') {
      const content = patched(before, request.body, externalContent);
      return { fields: { ...wholeOf(content, before), origin: originIn(content) ?? null }, author: request };
    }
    const content = patched(before, request.body, audienceContent);
    const isSame = JSON.stringify(content.expression) === JSON.stringify(before.expression);
    const declared = isSame ? {} : declaredField(declaredFor(content.expression, extensions));
    return { fields: { ...wholeOf(content, before), ...declared }, author: request };
  });
}

function requireType(type: AudienceType, before: SegmentDefinition): void {
  if (type === typeOf(before)) return;
  const mistakes = [{ pointer: '/type', message: `is ${typeOf(before)} and stays so` }];
  throw new Problem('invalid-request', 'The type of an audience cannot be changed.', { mistakes });
}

function patched<Content extends z.ZodType>(
  before: SegmentDefinition,
  operations: OperationRequest<typeof patchOperation>['body'],
  schema: Content,
): z.output<Content> {
  const { kind, origin, ...whole } = structuredClone(contentOf(before)) as Record<string, unknown>;
  const { expression, ...others } = whole;
  const content = kind === 'external' ? { ...others, ...(origin ?? {}) } : { ...others, expression };
  const failures = applyPatch(content, operations as Parameters<typeof applyPatch>[1]);
  const mistakes = failures.flatMap((failure, index) =>
    failure === null ? [] : [{ pointer: `/${index}`, message: `can't be applied: ${failure.message}` }],
  );
  if (mistakes.length === 0) return parseBody(schema, content);
  throw new Problem('conflict', 'The patch does not fit what the audience is.', { mistakes });
}

/** What is left out is taken away; what an audience can't be without is as it is for a new one, and its state stays. */
function wholeOf(content: Partial<AudienceContent>, before: SegmentDefinition): Revision['fields'] {
  const { description = null, timeZone = null, mergePolicyId = null, folder = null } = content;
  const { profileInstanceId = 'ups', payloadSchema = null, labels = [], tags = [] } = content;
  const { schema = { name: SCHEMA_DEFAULT }, dataGovernancePolicy = before.dataGovernancePolicy } = content;
  const { name, expression = before.expression, lifecycleState = before.lifecycleState } = content;
  const words = { name, description, folder, labels, tags, lifecycleState, profileInstanceId, payloadSchema };
  return { ...words, expression, timeZone, mergePolicyId, schema, dataGovernancePolicy };
}

type Addressed = HttpRequestParts & { readonly pathParameters: { readonly id: string } };
type HttpRequestParts = Pick<HttpRequest, 'sandbox' | 'headers' | 'subject' | 'roles'>;

async function change(
  request: Addressed,
  ports: SegmentPorts,
  revise: (before: SegmentDefinition) => Revision,
): Promise<HttpResponse> {
  const decide: Change['decide'] = (before) => {
    if (before === undefined) throw unknownDefinition();
    requireEntityTag(request.headers, etagOf(before), 'definition');
    return nextVersion(before, revise(before), ports);
  };
  const id = definitionId(request);
  return answer(await commitChange({ sandboxName: request.sandbox, id, decide }, ports), request, ports);
}

async function answer(
  changed: Changed,
  { sandbox }: HttpRequestParts,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const { after } = changed;
  invariant(after, 'an audience that was committed exists');
  const uses = usesAmong(await segments.list(sandbox));
  return { ...changedAnswer(changed), status: 201, body: toAudience(after, uses(after.id)) };
}
