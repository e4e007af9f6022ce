/** The file that goes into the image of training jobs, run as the image runs it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { imageOf } from '#infra/constructs/function-bundles.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';

let tables: TestTables;
let folder: string;
beforeAll(async () => {
  folder = imageOf('train-propensity');
  tables = await startTables();
});
afterAll(() => tables?.stop());

function run(environment: Record<string, string>): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [join(folder, 'index.mjs'), 'train'], { env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

test('without its environment the container fails, and names all that is missing', async () => {
  const { code, output } = await run({ CONTROL_TABLE: 'control', TRAINING_ROWS_MAX: 'many' });

  expect(code).toBe(1);
  for (const name of ['BUCKET_NAME', 'TRAINING_ROWS_MAX', 'SANDBOX_NAME', 'RUN_ID']) expect(output).toContain(name);
});

test('it looks its run up and trains nothing where there is none under way', async () => {
  const { endpoint } = (await tables.client.config.endpoint?.().then(({ protocol, hostname, port }) => ({
    endpoint: `${protocol}//${hostname}:${port}`,
  }))) ?? { endpoint: '' };
  const { code, output } = await run({
    ...{ CONTROL_TABLE: await tables.create('S'), BUCKET_NAME: 'bucket', TRAINING_ROWS_MAX: '1000' },
    ...{ SANDBOX_NAME: 'prod', INSTANCE_ID: 'buys', RUN_ID: 'r1' },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  });

  expect({ code, output: JSON.parse(output) }).toEqual({
    code: 0,
    output: { message: 'trained', sandboxName: 'prod', instanceId: 'buys', runId: 'r1', scores: false },
  });
});
