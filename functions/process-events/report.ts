import { METRICS, type Telemetry } from '#shared/lambda/telemetry.ts';
import type { BatchResult } from './process-events.ts';

/** Counts and log lines of one batch: no identity, no field of an event. */
export function report(result: BatchResult, { logger, count, milliseconds, flush }: Telemetry): void {
  const { outcomes, changes, conflicts, merges, refusedLinks, exitLatenessMs, failures } = result;
  const received = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
  count(METRICS.eventsReceived, received);
  count(METRICS.eventsApplied, outcomes.applied);
  count(METRICS.eventsDuplicate, outcomes.duplicate);
  count(METRICS.eventsQuarantined, outcomes.quarantined);
  count(METRICS.eventsParked, outcomes.parked);
  count(METRICS.eventsErased, outcomes.erased);
  count(METRICS.writeConflicts, conflicts);
  count(METRICS.profilesMerged, merges);
  count(METRICS.linksRefused, refusedLinks);
  for (const lateness of exitLatenessMs) milliseconds(METRICS.exitLatenessMs, lateness);
  logger.info('batch processed', {
    outcomes,
    changes,
    conflicts,
    merges,
    refusedLinks,
    failed: failures.length,
    exitLatenessMsMax: exitLatenessMs.length > 0 ? Math.max(...exitLatenessMs) : undefined,
  });
  for (const { sequenceNumber, error } of failures) {
    logger.warn('record will be delivered again', { sequenceNumber, error: error as Error });
  }
  flush();
}
