import { METRICS, type Telemetry } from '#shared/lambda/telemetry.ts';
import type { Observe } from './ports.ts';

/** Reasons name statuses and errors, never people. */
export function observeBy({ count, milliseconds, logger }: Telemetry): Observe {
  return {
    delivered(changes, latenessMs) {
      count(METRICS.changesDelivered, changes);
      milliseconds(METRICS.deliveryLatenessMs, latenessMs);
    },
    failed({ id, sandboxName }, reason) {
      count(METRICS.deliveriesFailed);
      logger.warn('a delivery failed and will be tried again', { destinationId: id, sandboxName, reason });
    },
    refused({ id, sandboxName }, reason) {
      count(METRICS.deliveriesRefused);
      logger.warn('a delivery was set aside', { destinationId: id, sandboxName, reason });
    },
    withheld(changes) {
      count(METRICS.changesWithheld, changes);
    },
    lost({ id, sandboxName }, changes) {
      count(METRICS.changesLost, changes);
      logger.error('changes left the feed before they were delivered', { destinationId: id, sandboxName, changes });
    },
  };
}
