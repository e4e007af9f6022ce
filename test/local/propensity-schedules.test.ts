/** An instance that is trained by the clock, in the service as it is started: the scheduler's engine and what it calls. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { PropensityInstanceResource, PropensityRunResource } from '#shared/api/propensity.ts';
import { eventually } from './support/eventually.ts';

let runner: ChildRunner;
let client: ShoalClient;

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
});

const INSTANCES = '/propensity/instances';
const everyMinute = { expression: '0 * * * * ?', timeZone: 'Asia/Seoul' };
const buys = {
  ...{ id: 'buys', displayName: 'Buys within a month', type: 'conversion', state: 'active' },
  goal: { occurrence: 'will', conditions: ['eventType = "commerce.purchases"'], windowDays: 30 },
  trainingSchedule: everyMinute,
};

const runs = async () =>
  (await client.request<{ children: PropensityRunResource[] }>('GET', `${INSTANCES}/buys/runs`)).children;

test('an instance is trained when it is due, until it is paused', { timeout: 300_000 }, async () => {
  const { nextRuns } = await client.request<PropensityInstanceResource>('POST', INSTANCES, buys);
  expect((nextRuns?.train ?? 0) % 60_000).toBe(0);

  const [run] = await eventually(runs, (found) => found[0]?.status === 'FAILED', 150_000);

  // Nobody is known here: the run says so, and that the clock began it.
  expect(run).toMatchObject({ kind: 'train', source: 'scheduler', errorCode: 'DATA_CHECK_FAILED' });
  expect(run?.scheduledTime).toBeGreaterThanOrEqual(nextRuns?.train ?? Number.NaN);
  expect(run?.message).toContain('No event is stored yet');

  const paused = await client.request<PropensityInstanceResource>('PATCH', `${INSTANCES}/buys`, { state: 'draft' });
  expect(paused.nextRuns).toBeUndefined();
});
