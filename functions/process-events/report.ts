import { METRICS, type Telemetry } from '#shared/lambda/telemetry.ts';
import type { BatchResult } from './process-events.ts';

/** Counts and log lines of one batch: no identity, no field of an event. */
export function report(
  { outcomes, changes, conflicts, failures }: BatchResult,
  { logger, count, flush }: Telemetry,
): void {
  const received = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
  count(METRICS.eventsReceived, received);
  count(METRICS.eventsApplied, outcomes.applied);
  count(METRICS.eventsDuplicate, outcomes.duplicate);
  count(METRICS.eventsQuarantined, outcomes.quarantined);
  count(METRICS.writeConflicts, conflicts);
  logger.info('batch processed', { outcomes, changes, conflicts, failed: failures.length });
  for (const { sequenceNumber, error } of failures) {
    logger.warn('record will be delivered again', { sequenceNumber, error: error as Error });
  }
  flush();
}
