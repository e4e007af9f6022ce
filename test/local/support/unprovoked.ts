/** Statuses that are described and that no caller can bring about when it wants to: each with what keeps it from that. */
import { PROBLEMS } from '#shared/api/problem.ts';

/** Of any operation. */
export const BEYOND_CALLERS: Readonly<Record<number, string>> = {
  [PROBLEMS['too-many-requests'][0]]: 'API Gateway throttles, and the local one has room for everybody',
  [PROBLEMS.unexpected[0]]:
    'it would be a fault of ours: that none of these calls gets it is what the other tests show',
  [PROBLEMS.unavailable[0]]: 'AWS has to be out of room, or many writers at one thing at once',
};

const RACE = 'two have to change it in the same instant: the contract tests of the store have them do it';

/** Of one. */
export const UNPROVOKED: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  deleteSchedule: { 409: RACE },
  patchDestination: { 409: RACE },
  deleteDestination: { 409: RACE },
  patchPropensityInstance: { 409: RACE },
  putSchema: { 409: RACE },
  patchSchema: { 409: RACE },
  redriveParkedProfile: {
    200: 'a profile is parked when it fails at every delivery: test/local/operations.test.ts has one do so',
    422: 'only a success keeps its Idempotency-Key, see 200',
  },
  promotePropensityRun: {
    200: 'a model needs hundreds of people with months of events: test/local has them in a test of its own',
    422: 'only a success keeps its Idempotency-Key, see 200',
  },
  getPropensityInsights: { 200: 'there is no model, see promotePropensityRun' },
  getPropensityFactor: { 200: 'there is no model, see promotePropensityRun' },
  createPropensityInstance: {
    409: 'an instance of its id with a model has to be deleted just before: test/unit/functions/unscored.test.ts has one',
  },
};
