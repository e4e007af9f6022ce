/** What a function's role may do, by labels that a person reads: without hashes and account. */
import type { Template } from 'aws-cdk-lib/assertions';
import { resourcesOf } from './stage.ts';

export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** `ProfileStoreProfiles`, `…/index/due`: which thing of ours a resource is, without hashes and account. */
function labelsOf(resource: unknown): string[] {
  if (Array.isArray(resource)) return resource.flatMap(labelsOf);
  if (resource === '*') return ['*'];
  const text = JSON.stringify(resource);
  if (text.includes('cdk-hnb659fds-container-assets-')) return ['the images of the deployment'];
  if (text.includes(':log-group:/aws/sagemaker/TrainingJobs*')) return ["log groups of SageMaker's training jobs"];
  if (/cdk-hnb659fds-assets-.*\/?\w+\.json/.test(JSON.stringify(resource))) return ['one asset of the deployment'];
  const named = resource as Record<string, unknown>;
  const { Ref: referred, 'Fn::ImportValue': imported, 'Fn::GetAtt': own, 'Fn::Join': joined } = named;
  if (typeof referred === 'string') return [referred.replace(/[0-9A-F]{8}$/, '')];
  const [, machine] =
    JSON.stringify(joined ?? '').match(/:execution:.*"Fn::GetAtt":\["(\w+)[0-9A-F]{8}","Name"\]/) ?? [];
  if (machine !== undefined) return [`executions of ${machine}`];
  const [, group] = JSON.stringify(joined ?? '').match(/:schedule\/",\{"Ref":"(\w+)[0-9A-F]{8}"\}/) ?? [];
  if (group !== undefined) return [`schedules of ${group}`];
  if (typeof imported === 'string') {
    const [, name = imported] = imported.match(/:ExportsOutput(?:FnGetAtt|Ref)(.+?)[0-9A-F]{8}(?:StreamArn)?/) ?? [];
    return [`${name}${imported.includes('StreamArn') ? ' stream' : ''}`];
  }
  if (Array.isArray(own)) return [String(own[0]).replace(/[0-9A-F]{8}$/, '')];
  const [, [base, suffix]] = joined as [string, [unknown, string]];
  return labelsOf(base).map((label) => `${label}${suffix}`);
}

export function permissionsOf(service: Template, functionName: string): Record<string, string[]> {
  const policies = resourcesOf(service, 'AWS::IAM::Policy').filter(([id]) => id.includes(`${functionName}Role`));
  const statements = policies.flatMap(
    ([, { PolicyDocument }]) => (PolicyDocument as { Statement: Statement[] }).Statement,
  );
  const permissions: Record<string, string[]> = {};
  for (const { Action, Resource } of statements) {
    for (const label of labelsOf(Resource)) {
      permissions[label] = [...(permissions[label] ?? []), ...[Action].flat()].sort();
    }
  }
  return permissions;
}

/** What every function may. */
export const tracing = { '*': ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] };
export const BUCKET = 'ArtifactBucketArtifacts';
export const logs = (construct: string) => ({ [`${construct}Log`]: ['logs:CreateLogStream', 'logs:PutLogEvents'] });
