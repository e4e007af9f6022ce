/** `/ca/attributes`: values that are computed for every profile from its events and attributes. */

import {
  COMPUTED_ATTRIBUTES_PER_SANDBOX_MAX,
  type ComputedAttributeList,
  type PatchComputedAttribute,
  toComputedAttributeResource,
} from '#shared/api/computed-attributes.ts';
import { expressionText } from '#shared/api/expression-text.ts';
import type {
  createComputedAttribute,
  deleteComputedAttribute,
  getComputedAttribute,
  listComputedAttributes,
  patchComputedAttribute,
} from '#shared/api/operations/computed-attributes.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import type { Instant } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { parse } from '#shared/pql/index.ts';
import { declarationsFor } from '#shared/schema/declarations.ts';
import { type CurrentSchemas, extensionsOf } from '#shared/schema/schema-store.ts';
import type { ComputedAttribute, ComputedStatus } from '#shared/segment/computed-attribute.ts';
import type { RulesChange } from '#shared/segment/rules.ts';
import { requireSound, requireUnread } from './check-attribute.ts';
import { commitSetting, type Standing } from './commit-setting.ts';
import { etagOf } from './entity-tags.ts';
import type { ProfileSettingsPorts } from './ports.ts';

const unknownAttribute = () => new Problem('not-found', 'No computed attribute of this sandbox has this id.');

const answer = (attribute: ComputedAttribute): HttpResponse => ({
  status: 200,
  body: toComputedAttributeResource(attribute),
  headers: { etag: etagOf(attribute) },
});

const statusOf = (sent: ComputedStatus | 'NEW' | undefined, before: ComputedStatus): ComputedStatus =>
  sent === 'NEW' ? 'PROCESSED' : (sent ?? before);

export async function listAttributes(
  { sandbox }: OperationRequest<typeof listComputedAttributes>,
  { attributes }: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const all = await attributes.list(sandbox);
  const children = all.toSorted((left, right) => (left.name < right.name ? -1 : 1)).map(toComputedAttributeResource);
  const body: ComputedAttributeList = {
    _page: { totalCount: children.length, pageSize: children.length },
    children,
    _links: {},
  };
  return { status: 200, body };
}

export async function readAttribute(
  { sandbox, pathParameters: { id } }: OperationRequest<typeof getComputedAttribute>,
  { attributes }: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const found = await attributes.find(sandbox, id);
  if (found === undefined) throw unknownAttribute();
  return answer(found);
}

export async function createAttribute(
  { sandbox, body }: OperationRequest<typeof createComputedAttribute>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const now = ports.now();
  const { name, displayName, description, expression, status } = body;
  const declared = declaredFor(expression, await ports.schemas.find(sandbox));
  const attribute: ComputedAttribute = {
    id: ports.newId(),
    sandboxName: sandbox,
    name,
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    expression,
    ...declared,
    schema: { name: '_xdm.context.profile' },
    status: statusOf(status, 'PROCESSED'),
    version: 1,
    creationTime: now,
    updateTime: now,
  };
  const decide = (standing: Standing<ComputedAttribute>) => {
    if (standing.all.length >= COMPUTED_ATTRIBUTES_PER_SANDBOX_MAX) {
      const most = `A sandbox has at most ${COMPUTED_ATTRIBUTES_PER_SANDBOX_MAX} computed attributes.`;
      throw new Problem('limit-reached', most);
    }
    return decided(standing, { after: attribute }, ports);
  };
  await commitSetting({ sandboxName: sandbox, store: ports.attributes, decide }, ports);
  return answer(attribute);
}

export async function changeAttribute(
  request: OperationRequest<typeof patchComputedAttribute>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const { sandbox, body: sent } = request;
  const now = ports.now();
  const schemas = await ports.schemas.find(sandbox);
  let shown: ComputedAttribute | undefined;
  const decide = (standing: Standing<ComputedAttribute>) => {
    const before = requireKnown(standing, request.pathParameters.id);
    requireEntityTag(request.headers, etagOf(before), 'computed attribute');
    shown = patched(before, sent, { now, schemas });
    return shown === before ? undefined : decided(standing, { before, after: shown }, ports);
  };
  await commitSetting({ sandboxName: sandbox, store: ports.attributes, decide }, ports);
  return answer(shown as unknown as ComputedAttribute);
}

export async function deleteAttribute(
  request: OperationRequest<typeof deleteComputedAttribute>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const { id } = request.pathParameters;
  const decide = (standing: Standing<ComputedAttribute>) => {
    const before = requireKnown(standing, id);
    requireEntityTag(request.headers, etagOf(before), 'computed attribute');
    return decided(standing, { before }, ports);
  };
  await commitSetting({ sandboxName: request.sandbox, store: ports.attributes, decide }, ports);
  return { status: 200, body: { status: true, message: `Computed attribute ${id} is deleted.` } };
}

function requireKnown({ all }: Standing<ComputedAttribute>, id: string): ComputedAttribute {
  const found = all.find((attribute) => attribute.id === id);
  if (found === undefined) throw unknownAttribute();
  return found;
}

interface Change {
  readonly before?: ComputedAttribute;
  readonly after?: ComputedAttribute;
}

/** The rules change only with what is published. A draft is checked too, as far as what it reads is there. */
function decided(
  { all, rules }: Standing<ComputedAttribute>,
  { before, after }: Change,
  { retentionMs }: ProfileSettingsPorts,
): Change & { readonly change?: RulesChange } {
  const isLive = before?.status === 'PROCESSED';
  if (after === undefined || after.status !== 'PROCESSED' || after.name !== before?.name) {
    if (before !== undefined && isLive) requireUnread(before, rules);
  }
  const parts = { ...(before && { before }), ...(after && { after }) };
  const withdrawn: RulesChange | undefined = isLive ? { kind: 'delete-computed', id: before.id } : undefined;
  if (after === undefined) return { ...parts, ...(withdrawn && { change: withdrawn }) };
  requireFreeName(all, after);
  const { id, name, version, declared } = after;
  const attribute = { id, name, version, expression: expressionText(after.expression), ...(declared && { declared }) };
  requireSound(attribute, rules, retentionMs);
  if (after.status !== 'PROCESSED') return { ...parts, ...(withdrawn && { change: withdrawn }) };
  return { ...parts, change: { kind: 'put-computed', attribute, changedAt: after.updateTime } };
}

function requireFreeName(all: readonly ComputedAttribute[], { id, name }: ComputedAttribute): void {
  if (!all.some((other) => other.id !== id && other.name === name)) return;
  throw new Problem('name-in-use', `Another computed attribute of this sandbox is named "${name}".`);
}

/** As of the schemas when it was written: it means the same ever after. */
function declaredFor(
  expression: ComputedAttribute['expression'],
  schemas: CurrentSchemas,
): Pick<ComputedAttribute, 'declared'> {
  const parsed = parse(expressionText(expression));
  const declared = parsed.ok ? declarationsFor(parsed.value, extensionsOf(schemas)) : undefined;
  return declared === undefined ? {} : { declared };
}

/** The same object where nothing changes. */
function patched(
  before: ComputedAttribute,
  sent: PatchComputedAttribute,
  { now, schemas }: { readonly now: Instant; readonly schemas: CurrentSchemas },
): ComputedAttribute {
  const { name, displayName, description, expression, status } = sent;
  const said = Object.entries({ name, displayName, description, expression }).filter(
    ([, value]) => value !== undefined,
  );
  const { declared: _, ...kept } = before;
  const base = expression === undefined ? before : { ...kept, ...declaredFor(expression, schemas) };
  const after = { ...base, ...Object.fromEntries(said), status: statusOf(status, before.status) };
  const shownBefore = JSON.stringify(toComputedAttributeResource(before));
  if (JSON.stringify(toComputedAttributeResource(after)) === shownBefore) return before;
  return { ...after, version: before.version + 1, updateTime: Math.max(now, before.updateTime) as Instant };
}
