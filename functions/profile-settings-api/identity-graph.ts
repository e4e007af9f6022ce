/** The identity graph is part of the rules: a change makes new ones, and the walk after a publish brings everybody to them. */
import type { getIdentityGraph, IdentityGraphAnswer, putIdentityGraph } from '#shared/api/operations/identity-graph.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import { commitSetting, readStanding } from './commit-setting.ts';
import type { ProfileSettingsPorts } from './ports.ts';

export async function readGraph(
  { sandbox }: OperationRequest<typeof getIdentityGraph>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const { rules } = await readStanding(sandbox, ports.policies, ports);
  return { status: 200, body: answer(rules) };
}

export async function changeGraph(
  { sandbox, subject, body }: OperationRequest<typeof putIdentityGraph>,
  ports: ProfileSettingsPorts,
): Promise<HttpResponse> {
  const decide = ({ rules }: { readonly rules: RulesArtifact }) => {
    if (graphOf(rules) === body.type) return undefined;
    return { change: { kind: 'identity-graph', identityGraph: body.type } as const };
  };
  const { rules, decision } = await commitSetting({ sandboxName: sandbox, store: ports.policies, decide }, ports);
  if (decision === undefined) return { status: 200, body: answer(rules) };
  const jobId = ports.newJobId();
  const { rulesVersion } = rules;
  const asked = { requestedBy: subject, requestedAt: ports.now() };
  await ports.rebuilds.put({ jobId, sandboxName: sandbox, identityGraph: body.type, rulesVersion, ...asked });
  return { status: 200, body: { ...answer(rules), jobId } };
}

const graphOf = ({ identityGraph = 'pdg' }: RulesArtifact) => identityGraph;

const answer = (rules: RulesArtifact): IdentityGraphAnswer => ({
  type: graphOf(rules),
  rulesVersion: rules.rulesVersion,
});
