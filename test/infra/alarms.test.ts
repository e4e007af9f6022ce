import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { METRICS } from '#shared/lambda/telemetry.ts';
import { resourcesOf, templatesOf } from './stage.ts';

const { service } = templatesOf();
const alarms = resourcesOf(service, 'AWS::CloudWatch::Alarm');
const root = join(import.meta.dirname, '../..');

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(' ', '-');

const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [anchorOf(section.split('\n', 1)[0] ?? ''), section] as const),
);

test('there is an alarm for everything that can go wrong unseen', () => {
  expect(alarms.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
    'ActivationFailedBatches',
    'ActivationIteratorAge',
    'ActivationPublishErrors',
    'AuditorDifferences',
    'BatchJobsFailed',
    'DestinationsDeliveriesRefused',
    'DestinationsDeliveryErrors',
    'DestinationsDeliveryLateness',
    'DestinationsLostChanges',
    'DestinationsQueueAge',
    'DestinationsUndeliverable',
    'DueSweeperSweeperNotRunning',
    'PrivacyFailed',
    'SchemasErrors',
    'SegmentApiServerErrors',
    'StreamingEvaluationExitLateness',
    'StreamingEvaluationFailedBatches',
    'StreamingEvaluationIteratorAge',
    'StreamingEvaluationParked',
    'StreamingEvaluationQuarantine',
  ]);
});

describe.each(alarms)('%s', (_, { AlarmDescription, Metrics, ...alarm }) => {
  test('links a section of the runbook that says what it means, what to look at and what to do', () => {
    const anchor = String(AlarmDescription).match(/docs\/runbook\.md#([\w-]+)$/)?.[1];
    const section = sections.get(anchor ?? '');

    expect(section, `no section for ${anchor}`).toBeDefined();
    for (const part of ['**Meaning.**', '**Look at.**', '**Do.**']) expect(section).toContain(part);
  });

  test('counts a metric that the functions send', () => {
    const ours = String(alarm.Namespace).startsWith('Shoal/');
    expect(ours ? Object.values(METRICS) : [alarm.MetricName]).toContain(alarm.MetricName);
  });
});

test('silence of the sweeper alarms too', () => {
  const [, alarm] = alarms.find(([id]) => id.includes('SweeperNotRunning')) as (typeof alarms)[number];
  expect(alarm).toMatchObject({ TreatMissingData: 'breaching', EvaluationPeriods: 5 });
});

test('a configured topic hears of every alarm, and of its end', () => {
  const topic = 'arn:aws:sns:eu-west-1:123456789012:oncall';
  const notified = resourcesOf(templatesOf({ alarmTopicArn: topic }).service, 'AWS::CloudWatch::Alarm');

  for (const [, alarm] of notified) expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
});
