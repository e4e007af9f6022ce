/** Reads about one person: which behaviour answers which operation. */
import {
  evaluatePerson,
  explainSegmentMembership,
  explainSupposedMembership,
  getEntities,
  getEntity,
} from '#shared/api/operations/profiles.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { evaluateSupposed } from './evaluate-person.ts';
import { explainMembership, explainSupposed } from './explain-membership.ts';
import type { ProfilePorts } from './ports.ts';
import { readEntities, readEntity } from './read-entity.ts';

export const profilesApi = (ports: ProfilePorts) =>
  operationRouter(
    [
      [getEntity, readEntity],
      [getEntities, readEntities],
      [explainSegmentMembership, explainMembership],
      [explainSupposedMembership, explainSupposed],
      [evaluatePerson, evaluateSupposed],
    ],
    ports,
  );
