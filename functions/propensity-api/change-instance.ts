/** Instances are made, changed and taken away; what is stored has passed the compiler and the labels of its fields. */
import type {
  clonePropensityInstance,
  createPropensityInstance,
  deletePropensityInstance,
  patchPropensityInstance,
} from '#shared/api/operations/propensity.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import {
  INSTANCES_PER_SANDBOX_MAX,
  instanceEtag,
  type PatchPropensityInstance,
  toInstanceResource,
} from '#shared/api/propensity.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { beginRun } from '#shared/propensity/begin-run.ts';
import type { PropensityInstance } from '#shared/propensity/instance.ts';
import { followInstance, nextRunAt, removeTimers } from '#shared/propensity/instance-timers.ts';
import { cancelled, isOpenRun, type PropensityRun, runIdAt } from '#shared/propensity/run.ts';
import { checkSpecification } from './check-specification.ts';
import type { PropensityPorts } from './ports.ts';
import { requireInstance } from './read-instances.ts';

export async function createInstance(
  { sandbox, body }: OperationRequest<typeof createPropensityInstance>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  checkSpecification(body, await ports.schemas.extensions(sandbox));
  const now = ports.now();
  requireDue(body, now);
  const own = { sandboxName: sandbox, timerId: ports.newId(), version: 1, creationTime: now, updateTime: now };
  const instance = defined({ ...body, ...own });
  await putNew(instance, ports);
  return created(instance, now);
}

export async function cloneInstance(
  { sandbox, pathParameters, body }: OperationRequest<typeof clonePropensityInstance>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const { modelRunId: _, ...settings } = await requireInstance(sandbox, pathParameters.id, ports);
  const now = ports.now();
  const { id, displayName = `${settings.displayName} (copy)` } = body;
  const own = { id, displayName, timerId: ports.newId(), state: 'draft', version: 1 } as const;
  const instance: PropensityInstance = { ...settings, ...own, creationTime: now, updateTime: now };
  await putNew(instance, ports);
  return created(instance, now);
}

const created = (instance: PropensityInstance, now: number): HttpResponse => ({
  status: 201,
  body: toInstanceResource(instance, now),
  headers: { etag: instanceEtag(instance) },
  change: { id: instance.id, name: instance.displayName, after: instance },
});

async function putNew(instance: PropensityInstance, ports: PropensityPorts): Promise<void> {
  const { store } = ports;
  const others = await store.listInstances(instance.sandboxName);
  if (others.length >= INSTANCES_PER_SANDBOX_MAX) {
    throw new Problem('limit-reached', `A sandbox has at most ${INSTANCES_PER_SANDBOX_MAX} propensity instances.`);
  }
  const latest = await store.latestRun(instance.sandboxName, instance.id);
  if (latest?.kind === 'clear' && isOpenRun(latest)) {
    const message = `Scores of the instance that was called “${instance.id}” are still being taken away: try again in some minutes.`;
    throw new Problem('conflict', message);
  }
  if (!(await store.putInstance(undefined, instance))) {
    throw new Problem('name-in-use', `There is a propensity instance “${instance.id}” already.`);
  }
  await followInstance(instance, ports);
}

/** What a schedule names has to lie ahead. */
function requireDue(instance: Pick<PropensityInstance, 'schedule' | 'trainingSchedule'>, now: number): void {
  const message = 'names no instant that is still to come';
  const mistakes = (['schedule', 'trainingSchedule'] as const).flatMap((name) => {
    const kind = name === 'schedule' ? 'score' : 'train';
    const isNever = instance[name] !== undefined && nextRunAt(instance, kind, now) === undefined;
    return isNever ? [{ pointer: `/${name}/expression`, message }] : [];
  });
  if (mistakes.length > 0) throw new Problem('invalid-request', 'A schedule is never due.', { mistakes });
}

export async function changeInstance(
  { sandbox, pathParameters, headers, body }: OperationRequest<typeof patchPropensityInstance>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const before = await requireInstance(sandbox, pathParameters.id, ports);
  requireEntityTag(headers, instanceEtag(before), 'instance');
  const now = ports.now();
  const after = changed(before, body, now);
  if (body.schedule || body.trainingSchedule) requireDue(after, now);
  checkSpecification(after, await ports.schemas.extensions(sandbox));
  if (!(await ports.store.putInstance(before, after))) throw raced();
  await followInstance(after, ports);
  return {
    status: 200,
    body: toInstanceResource(after, now),
    headers: { etag: instanceEtag(after) },
    change: { id: after.id, name: after.displayName, before, after },
  };
}

const raced = () => new Problem('conflict', 'Somebody else changed the instance just now: read it again.');

/** `null` takes a setting away; what is absent stays. */
function changed(before: PropensityInstance, patch: PatchPropensityInstance, updateTime: number): PropensityInstance {
  const sent = Object.entries(patch).filter(([, value]) => value !== undefined);
  const merged = { ...before, ...Object.fromEntries(sent), version: before.version + 1, updateTime };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null),
  ) as unknown as PropensityInstance;
}

const defined = (fields: { readonly [Key in keyof PropensityInstance]: PropensityInstance[Key] | undefined }) =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as PropensityInstance;

export async function deleteInstance(
  { sandbox, pathParameters, headers }: OperationRequest<typeof deletePropensityInstance>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const before = await requireInstance(sandbox, pathParameters.id, ports);
  requireEntityTag(headers, instanceEtag(before), 'instance');
  await requireUnread(before, ports);
  const clearing = await beginClearing(before, ports);
  if (!(await ports.store.deleteInstance(before, clearing))) throw raced();
  await removeTimers(before.timerId, ports.timers);
  return { status: 204, change: { id: before.id, name: before.displayName, before } };
}

/**
 * Scores that nobody keeps up to date are taken from the profiles. The run begins before the record goes: should this
 * process die between the two, the run finds the instance and takes nothing, and the caller deletes it once more.
 */
async function beginClearing(
  { sandboxName, id, version, modelRunId }: PropensityInstance,
  ports: PropensityPorts,
): Promise<PropensityRun | undefined> {
  if (modelRunId === undefined) return undefined;
  const now = ports.now();
  const latest = await ports.store.latestRun(sandboxName, id);
  if (latest && isOpenRun(latest) && latest.kind !== 'clear') {
    await ports.store.putRun(latest, cancelled(latest, 'The instance was deleted.', now));
  }
  const run: PropensityRun = {
    ...{ sandboxName, instanceId: id, runId: runIdAt(now, ports.newId()), kind: 'clear', source: 'api', status: 'NEW' },
    ...{ instanceVersion: version, creationTime: now, updateTime: now, revision: 1 },
  };
  const { run: begun } = await beginRun(run, ports);
  if (begun.kind !== 'clear') throw raced();
  return begun;
}

async function requireUnread({ sandboxName, id }: PropensityInstance, { rules }: PropensityPorts): Promise<void> {
  const { artifact } = await rules.current(sandboxName);
  const reads = new RegExp(`\\bpropensity\\s*\\.\\s*${id}\\b`);
  const readers = artifact.definitions.filter(({ expression }) => reads.test(expression));
  if (readers.length === 0) return;
  const names = readers.map(({ name }) => `“${name}”`).join(', ');
  throw new Problem('in-use', `Scores of “${id}” are read by ${names}.`);
}
