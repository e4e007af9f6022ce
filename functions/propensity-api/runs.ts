/** Runs are started, looked at, cancelled, and their models put into use. */
import type {
  cancelPropensityRun,
  getPropensityRun,
  listPropensityRuns,
  promotePropensityRun,
  startPropensityRun,
} from '#shared/api/operations/propensity.ts';
import { Problem } from '#shared/api/problem.ts';
import { instanceEtag, toInstanceResource, toRunResource } from '#shared/api/propensity.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { beginRun } from '#shared/propensity/begin-run.ts';
import { cancelled, isOpenRun, type PropensityRun, runIdAt } from '#shared/propensity/run.ts';
import type { PropensityPorts } from './ports.ts';
import { requireInstance } from './read-instances.ts';

export async function startRun(
  { sandbox, pathParameters, body }: OperationRequest<typeof startPropensityRun>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const instance = await requireInstance(sandbox, pathParameters.id, ports);
  if (body.kind === 'score' && instance.modelRunId === undefined) {
    throw new Problem('conflict', 'No model is in use yet: start a run of kind train first.');
  }
  const now = ports.now();
  const run: PropensityRun = {
    sandboxName: sandbox,
    instanceId: instance.id,
    runId: runIdAt(now, ports.newId()),
    kind: body.kind,
    source: 'api',
    status: 'NEW',
    instanceVersion: instance.version,
    creationTime: now,
    updateTime: now,
    revision: 1,
  };
  const { outcome, run: latest } = await beginRun(run, ports);
  if (outcome === 'under-way') {
    throw new Problem('conflict', `Run ${latest.runId} has not ended: wait for it, or cancel it.`);
  }
  return { status: 202, body: toRunResource(run), change: { id: instance.id, note: `run ${run.runId}`, after: run } };
}

export async function listRuns(
  { sandbox, pathParameters, query }: OperationRequest<typeof listPropensityRuns>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const instance = await requireInstance(sandbox, pathParameters.id, ports);
  const runs = await ports.store.listRuns(sandbox, instance.id, query.limit);
  return { status: 200, body: { children: runs.map(toRunResource) } };
}

export async function requireRun(
  sandbox: string,
  { id, runId }: { readonly id: string; readonly runId: string },
  { store }: Pick<PropensityPorts, 'store'>,
): Promise<PropensityRun> {
  const run = await store.findRun({ sandboxName: sandbox, instanceId: id, runId });
  if (run === undefined) throw new Problem('not-found', 'This instance has no run of this id.');
  return run;
}

export async function findRun(
  { sandbox, pathParameters }: OperationRequest<typeof getPropensityRun>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  return { status: 200, body: toRunResource(await requireRun(sandbox, pathParameters, ports)) };
}

/** The parts under way end with what they are at; no further one begins. */
export async function cancelRun(
  { sandbox, pathParameters }: OperationRequest<typeof cancelPropensityRun>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const run = await requireRun(sandbox, pathParameters, ports);
  if (!isOpenRun(run)) throw new Problem('conflict', `The run has ended: it is ${run.status}.`);
  const after = cancelled(run, 'Cancelled by a caller.', ports.now());
  if (!(await ports.store.putRun(run, after)))
    throw new Problem('conflict', 'The run has moved on just now: try again.');
  return { status: 204, change: { id: run.instanceId, note: `run ${run.runId}`, before: run, after } };
}

export async function promoteRun(
  { sandbox, pathParameters }: OperationRequest<typeof promotePropensityRun>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const run = await requireRun(sandbox, pathParameters, ports);
  if (run.model === undefined) throw new Problem('conflict', 'The run has made no model.');
  const before = await requireInstance(sandbox, pathParameters.id, ports);
  const after = { ...before, modelRunId: run.runId, version: before.version + 1, updateTime: ports.now() };
  if (!(await ports.store.putInstance(before, after))) {
    throw new Problem('conflict', 'Somebody else changed the instance just now: try again.');
  }
  return {
    status: 200,
    body: toInstanceResource(after, after.updateTime, run),
    headers: { etag: instanceEtag(after) },
    change: { id: after.id, name: after.displayName, before, after },
  };
}
