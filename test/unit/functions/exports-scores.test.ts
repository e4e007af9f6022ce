import { expect, test } from 'vitest';
import { NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { ExportsWorld } from '#test/support/exports-world.ts';
import { START, view } from '#test/support/write-path.ts';

test('a membership by a score carries the score, and its factors are a column', async () => {
  const world = new ExportsWorld();
  await world.process([world.record(view('e1', START))]);
  world.publish({
    kind: 'put',
    definition: { id: 'likely', name: 'likely', version: 1, expression: 'propensity.churn.score >= 60' },
  });
  const key = { sandboxName: 'prod', profileId: 'profile-1' };
  const factors = [{ name: 'visits', direction: 'raises', importance: 'high', contribution: 0.7, value: 3 }] as const;
  const score = { score: 70, probability: 0.4, percentile: 90, bucket: 'medium', scoredAt: START, factors } as const;
  await addBatchResults(
    [{ key, results: { ...NO_BATCH_RESULTS, scores: new Map([['churn', score]]) } }],
    world.profiles.batch,
  );
  await world.process([world.record(wakeUpRecord('batch', key))]);

  const [row] = await world.rows({
    fields: 'segmentMembership,propensity.churn.probability,propensity.churn.factors',
    filter: { segments: [{ segmentId: 'likely', status: ['realized'] }] },
  });

  expect(row).toMatchObject({
    segmentMembership: {
      likely: { status: 'realized', payload: { payloadType: 'propensity', payloadPropensityValue: 0.4 } },
    },
    'propensity.churn.probability': 0.4,
    'propensity.churn.factors': factors,
  });
});
