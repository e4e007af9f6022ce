/**
 * Requests with the answer that each gets, in an order in which it does: each may use what earlier ones were answered. What
 * they make is what the tests of tenancy then look for from another sandbox.
 */
import { DEFINITION_EXAMPLES } from './definitions.ts';
import { DESTINATION_EXAMPLES } from './destinations.ts';
import type { Example } from './example.ts';
import { JOB_EXAMPLES } from './jobs.ts';
import { PEOPLE_EXAMPLES } from './people.ts';
import { SETTINGS_EXAMPLES } from './settings.ts';

export const EXAMPLES: readonly Example[] = [
  ...DEFINITION_EXAMPLES,
  ...SETTINGS_EXAMPLES,
  ...PEOPLE_EXAMPLES,
  ...DESTINATION_EXAMPLES,
  ...JOB_EXAMPLES,
];
