/**
 * Structured logs and metrics, one of each a function. Neither carries personal data: no identity, no attribute, no
 * body; a profile is named by its id only.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** What the alarms and dashboards know; infra names them in text, and a test holds the two together. */
export const METRICS = {
  eventsReceived: 'EventsReceived',
  eventsApplied: 'EventsApplied',
  eventsDuplicate: 'EventsDuplicate',
  eventsQuarantined: 'EventsQuarantined',
  eventsParked: 'EventsParked',
  eventsErased: 'EventsErased',
  writeConflicts: 'WriteConflicts',
  profilesMerged: 'ProfilesMerged',
  linksRefused: 'LinksRefused',
  changesPublished: 'ChangesPublished',
  timersSent: 'TimersSent',
  exitLatenessMs: 'ExitLatenessMs',
  timerLatenessMs: 'TimerLatenessMs',
  jobsFailed: 'JobsFailed',
  erasuresFailed: 'ErasuresFailed',
  profilesAudited: 'ProfilesAudited',
  auditDifferences: 'AuditDifferences',
  changesDelivered: 'ChangesDelivered',
  changesLost: 'ChangesLost',
  changesWithheld: 'ChangesWithheld',
  deliveriesFailed: 'DeliveriesFailed',
  deliveriesRefused: 'DeliveriesRefused',
  deliveryLatenessMs: 'DeliveryLatenessMs',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

export interface Telemetry {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Counts kept until `flush`, which a function calls once an invocation. */
  readonly count: (metric: MetricName, value?: number) => void;
  readonly milliseconds: (metric: MetricName, value: number) => void;
  readonly flush: () => void;
}

/** Service name, namespace and level come from the environment that the stack gives every function. */
export function createTelemetry(serviceName: string): Telemetry {
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ serviceName });
  return {
    logger,
    count: (metric, value = 1) => metrics.addMetric(metric, MetricUnit.Count, value),
    milliseconds: (metric, value) => metrics.addMetric(metric, MetricUnit.Milliseconds, value),
    flush: () => metrics.publishStoredMetrics(),
  };
}
