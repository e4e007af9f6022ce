/** Secrets, buses, Step Functions and unknown services behind the same port. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compilePattern } from '#local/event-source/filter-pattern.ts';
import { clientSettings, startTestEngines, type TestEngines } from './support/engine.ts';

let engines: TestEngines;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.listener.close());

test('a secret is found by name and by ARN, and keeps the value that was generated first', async () => {
  const client = new SecretsManagerClient(clientSettings(engines.listener.url));
  const { arn } = engines.secrets.ensure('key', () => 'generated');
  engines.secrets.ensure('key', () => 'again');

  for (const SecretId of ['key', arn]) {
    expect((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('generated');
  }
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('an event reaches the rules of its bus that match it, and stays readable', async () => {
  const client = new EventBridgeClient(clientSettings(engines.listener.url));
  const delivered: unknown[] = [];
  engines.buses.create('changes');
  const matches = compilePattern({ source: ['shoal'], detail: { status: ['exited'] } }, 'test');
  engines.buses.addRule('changes', { matches, deliver: ({ detail }) => delivered.push(detail) });

  const entry = (status: string) => ({
    EventBusName: 'changes',
    Source: 'shoal',
    DetailType: 'change',
    Detail: JSON.stringify({ status }),
  });
  const answer = await client.send(
    new PutEventsCommand({ Entries: [entry('realized'), entry('exited'), { ...entry(''), Detail: 'no JSON' }] }),
  );

  expect(answer.FailedEntryCount).toBe(1);
  expect(answer.Entries?.[2]?.ErrorCode).toBe('MalformedDetail');
  expect(delivered).toEqual([{ status: 'exited' }]);
  expect(engines.buses.recent('changes').map(({ detail }) => detail)).toEqual([
    { status: 'realized' },
    { status: 'exited' },
  ]);
});

const call = async (target: string, input: object = {}) => {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
  const response = await fetch(engines.listener.url, { method: 'POST', headers, body: JSON.stringify(input) });
  return { status: response.status, body: await response.json() };
};

test('there are no state machines, and whoever names one is told so', async () => {
  expect(await call('AWSStepFunctions.ListStateMachines')).toEqual({ status: 200, body: { stateMachines: [] } });
  expect(await call('AWSStepFunctions.StartExecution', { stateMachineArn: 'arn:x' })).toMatchObject({
    status: 400,
    body: { __type: 'StateMachineDoesNotExist' },
  });
});

test.each(['DynamoDB_20120810.ListTables', 'Kinesis_20131202.EnableEnhancedMonitoring'])(
  '%s is not answered here, and says so',
  async (target) => {
    expect(await call(target)).toMatchObject({ status: 400, body: { __type: 'UnknownOperationException' } });
  },
);
