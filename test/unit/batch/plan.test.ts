import { expect, test } from 'vitest';
import { newJob } from '#shared/batch/job.ts';
import { planJob } from '#shared/batch/plan.ts';
import { buildRules } from '#shared/segment/rules.ts';

const definition = { id: 'here', name: 'Here', version: 1, expression: 'person.age > 1', publishedAt: 0 };
const rules = buildRules(undefined, { kind: 'put', definition });
const key = { sandboxName: 'prod', kind: 'segment', jobId: 'j' } as const;

test('a definition that a schedule or an export names and that is gone by then is left out of the job', () => {
  const job = newJob(key, { segmentIds: ['gone', 'here'], requestId: 'r', now: 0 });
  const { definitions } = planJob({ job, rules, earlier: [], ranges: 1, now: 5 });
  expect(definitions.map(({ id }) => id)).toEqual(['here']);
});
