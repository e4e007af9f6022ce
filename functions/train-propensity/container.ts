/**
 * The same training as the function's, as the command of a container: for more rows than a function has memory or time for.
 * Its output is the run's record and files; the function that is called afterwards finds the model there and says so.
 * SageMaker shows what is written to `failure` as the reason of a failed job.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { readEnv } from '#shared/lambda/env.ts';
import { containerEnv } from './env.ts';
import { trainPorts } from './ports.ts';
import { trainPropensity } from './train-propensity.ts';

const OUTPUT = '/opt/ml/output';
/** As much as DescribeTrainingJob shows. */
const REASON_LENGTH_MAX = 1024;

try {
  const { SANDBOX_NAME: sandboxName, INSTANCE_ID: instanceId, RUN_ID: runId, ...values } = readEnv(containerEnv);
  const { scores } = await trainPropensity({ sandboxName, instanceId, runId }, trainPorts(values));
  console.log(JSON.stringify({ message: 'trained', sandboxName, instanceId, runId, scores }));
} catch (error) {
  console.error(error);
  if (existsSync(OUTPUT)) writeFileSync(`${OUTPUT}/failure`, String(error).slice(0, REASON_LENGTH_MAX));
  process.exitCode = 1;
}
