/** docs/deploy.md itemises what an idle stage costs; what it counts is counted in the templates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS } from '#shared/lambda/telemetry.ts';
import { resourcesOf, templatesOf } from './stage.ts';

const { data, service } = templatesOf();
const root = join(import.meta.dirname, '../..');
const deploy = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
const costs = deploy.slice(deploy.indexOf('## Costs when idle'));
const count = (pattern: RegExp) => Number(pattern.exec(costs)?.[1]);

interface Metric {
  readonly MetricStat?: object;
}

test('alarm metrics, custom metrics and secrets are as many as the bill says', () => {
  const alarms = resourcesOf(service, 'AWS::CloudWatch::Alarm');
  // An alarm over an expression is billed by the metrics that the expression reads.
  const metricsOf = ({ Metrics }: { readonly Metrics?: readonly Metric[] }) =>
    Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
  const secrets = [data, service].flatMap((stack) => resourcesOf(stack, 'AWS::SecretsManager::Secret'));

  expect(count(/(\d+) alarm metrics/)).toBe(alarms.reduce((sum, [, alarm]) => sum + metricsOf(alarm), 0));
  expect(count(/(\d+) custom metrics/)).toBe(Object.keys(METRICS).length);
  expect(count(/(\d+) secrets/)).toBe(secrets.length);
});

test('the sum is that of its items, and the README says the same', () => {
  const rows = [...costs.matchAll(/^\| (?!\*\*)[^|]+\| (?:about )?([\d.]+) \| (?:about )?([\d.]+) \|/gm)];
  const sums = [1, 2].map((column) => Math.round(rows.reduce((sum, row) => sum + Number(row[column]), 0)));
  const said = /\*\*about (\d+)\*\* \| \*\*about (\d+)\*\*/.exec(costs);
  const readme = /Idle, about (\d+) dollars a month in development and (\d+) in production/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  );

  expect(rows.length).toBeGreaterThan(5);
  expect(said?.slice(1).map(Number)).toEqual(sums);
  expect(readme?.slice(1).map(Number)).toEqual(sums);
});
