/** The runner's own table of resources: what it refuses, it refuses by name. */
import { expect, test } from 'vitest';
import type { Cloud } from '#local/cloud.ts';
import { resourceTypes } from '#local/resources/resource-types.ts';
import type { TemplateResource } from '#local/template/assembly.ts';
import { deploy } from '#local/template/deployment.ts';
import { startTestEngines } from './support/engine.ts';

async function deployOne(resource: TemplateResource): Promise<unknown> {
  const { listener, ...engines } = await startTestEngines();
  const dynamoDb = { call: () => undefined };
  const cloud = { surroundings: { engines: { ...engines, dynamoDb } }, functions: new Map(), apis: new Map() };
  const stacks = [{ name: 'stack', template: { Resources: { Subject: resource } } }];
  const types = resourceTypes(cloud as unknown as Cloud);
  try {
    return await deploy({ stacks, assets: new Map() }, types, () => '');
  } finally {
    await listener.close();
  }
}

test.each([
  [{ Type: 'AWS::StepFunctions::Activity' }, /stack\.Subject \(AWS::StepFunctions::Activity\)/],
  [{ Type: 'AWS::SNS::Topic' }, /AWS::SNS::Topic/],
  [{ Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } }, /Subject.*FifoQueue/],
  [{ Type: 'AWS::Kinesis::Stream', Properties: { MaxRecordSizeInKiB: 2048 } }, /Subject.*MaxRecordSizeInKiB/],
  [{ Type: 'AWS::S3::Bucket', Properties: { WebsiteConfiguration: {} } }, /Subject.*WebsiteConfiguration/],
  [{ Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } }, /HTTP APIs, not WEBSOCKET/],
  [{ Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName: 'v1', AutoDeploy: true } }, /\$default/],
])('%j is refused', async (resource, message) => {
  await expect(deployOne(resource)).rejects.toThrow(message);
});

test.each(['AWS::IAM::Role', 'AWS::CloudWatch::Alarm', 'AWS::Logs::LogGroup'])(
  '%s is left out knowingly',
  async (Type) => {
    await expect(deployOne({ Type, Properties: { Anything: 1 } })).resolves.toBeDefined();
  },
);
