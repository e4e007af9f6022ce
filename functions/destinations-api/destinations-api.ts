import {
  createDestination,
  deleteDestination,
  getDestination,
  getDestinationDeliveries,
  listDestinations,
  patchDestination,
  redriveDestination,
  rotateDestinationSecret,
  testDestination,
} from '#shared/api/operations/destinations.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { change, create, remove, rotateSecret } from './change-destination.ts';
import type { DestinationPorts } from './ports.ts';
import { findDestination, listAll, readDeliveries } from './read-destinations.ts';
import { redrive, test } from './try-destination.ts';

export const destinationsApi = (ports: DestinationPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listDestinations, listAll],
      [createDestination, create],
      [getDestination, findDestination],
      [patchDestination, change],
      [deleteDestination, remove],
      [rotateDestinationSecret, rotateSecret],
      [testDestination, test],
      [getDestinationDeliveries, readDeliveries],
      [redriveDestination, redrive],
    ],
    ports,
    guard,
  );
