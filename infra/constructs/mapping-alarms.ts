/** The two ways in which an event source mapping says that it does not keep up. */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ServiceAlarm, type ServiceAlarmProps } from './service-alarm.ts';
import type { ServiceFunction } from './service-function.ts';

type Description = Pick<ServiceAlarmProps, 'settings' | 'meaning' | 'runbook'>;

export function iteratorAgeAlarm(scope: Construct, reader: ServiceFunction, description: Description): ServiceAlarm {
  return new ServiceAlarm(scope, 'IteratorAge', {
    ...description,
    metric: reader.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) }),
    threshold: Duration.minutes(1).toMilliseconds(),
    evaluationPeriods: 3,
  });
}

export function failedBatchAlarm(
  scope: Construct,
  mapping: EventSourceMapping,
  description: Description,
): ServiceAlarm {
  return new ServiceAlarm(scope, 'FailedBatches', {
    ...description,
    metric: mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
    threshold: 1,
    evaluationPeriods: 1,
  });
}

/** Records by what became of them; Lambda counts them only where the mapping's metrics are on. */
export function mappingMetric(
  mapping: EventSourceMapping,
  metricName: 'OnFailureDestinationDeliveredEventCount' | 'FailedInvokeEventCount',
): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
    statistic: 'Sum',
    period: Duration.minutes(1),
  });
}
