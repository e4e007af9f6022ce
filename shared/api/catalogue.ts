/** Every operation of the HTTP API: what the document, the client and the tests of all operations go through. */
import type { Operation } from './operation.ts';
import { audienceOperations } from './operations/audiences.ts';
import { changeOperations } from './operations/changes.ts';
import { computedAttributeOperations } from './operations/computed-attributes.ts';
import { descriptionOperations } from './operations/description.ts';
import { destinationOperations } from './operations/destinations.ts';
import { eventOperations } from './operations/events.ts';
import { exportOperations } from './operations/exports.ts';
import { governanceOperations } from './operations/governance.ts';
import { identityGraphOperations } from './operations/identity-graph.ts';
import { mergePolicyOperations } from './operations/merge-policies.ts';
import { previewOperations } from './operations/previews.ts';
import { profileOperations } from './operations/profiles.ts';
import { propensityOperations } from './operations/propensity.ts';
import { scheduleOperations } from './operations/schedules.ts';
import { schemaOperations } from './operations/schemas.ts';
import { segmentDefinitionOperations } from './operations/segment-definitions.ts';
import { segmentJobOperations } from './operations/segment-jobs.ts';
import { segmentMemberOperations } from './operations/segment-members.ts';
import { systemOperations } from './operations/system.ts';
import { systemJobOperations } from './operations/system-jobs.ts';
import { trackingOperations } from './operations/tracking.ts';
import { uploadOperations } from './operations/uploads.ts';
import { writeKeyOperations } from './operations/write-keys.ts';

export const CATALOGUE: readonly Operation[] = [
  ...segmentDefinitionOperations,
  ...audienceOperations,
  ...segmentJobOperations,
  ...segmentMemberOperations,
  ...uploadOperations,
  ...exportOperations,
  ...scheduleOperations,
  ...profileOperations,
  ...previewOperations,
  ...mergePolicyOperations,
  ...computedAttributeOperations,
  ...identityGraphOperations,
  ...changeOperations,
  ...destinationOperations,
  ...eventOperations,
  ...propensityOperations,
  ...writeKeyOperations,
  ...schemaOperations,
  ...systemOperations,
  ...systemJobOperations,
  ...trackingOperations,
  ...governanceOperations,
  ...descriptionOperations,
];
