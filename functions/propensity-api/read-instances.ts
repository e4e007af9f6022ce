import type { getPropensityInstance, listPropensityInstances } from '#shared/api/operations/propensity.ts';
import { Problem } from '#shared/api/problem.ts';
import { instanceEtag, toInstanceResource } from '#shared/api/propensity.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { PropensityInstance } from '#shared/propensity/instance.ts';
import type { PropensityPorts } from './ports.ts';

export async function requireInstance(
  sandbox: string,
  id: string,
  { store }: Pick<PropensityPorts, 'store'>,
): Promise<PropensityInstance> {
  const found = await store.findInstance(sandbox, id);
  if (found === undefined) throw new Problem('not-found', 'This sandbox has no propensity instance of this id.');
  return found;
}

export async function findInstance(
  { sandbox, pathParameters }: OperationRequest<typeof getPropensityInstance>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const instance = await requireInstance(sandbox, pathParameters.id, ports);
  const lastRun = await ports.store.latestRun(sandbox, instance.id);
  return {
    status: 200,
    body: toInstanceResource(instance, ports.now(), lastRun),
    headers: { etag: instanceEtag(instance) },
  };
}

export async function listInstances(
  { sandbox }: OperationRequest<typeof listPropensityInstances>,
  { store, now }: PropensityPorts,
): Promise<HttpResponse> {
  const instances = await store.listInstances(sandbox);
  const children = await Promise.all(
    instances.map(async (instance) => {
      const lastRun = await store.latestRun(sandbox, instance.id);
      return toInstanceResource(instance, now(), lastRun);
    }),
  );
  return { status: 200, body: { children } };
}
