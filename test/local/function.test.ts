/** Functions in worker threads: found, loaded, timed and failed as Lambda does it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type FunctionSettings, LambdaFunction } from '#local/lambda/function.ts';
import { LogFile } from '#local/lambda/log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'shoal-function-'));
writeFileSync(join(folder, 'package.json'), '{}');
afterAll(() => rmSync(folder, { recursive: true }));

const running: LambdaFunction[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((lambda) => lambda.stop()));
});

let count = 0;
function functionOf(code: string, more: Partial<FunctionSettings> = {}, clockOffsetMs = 0) {
  count += 1;
  const task = join(folder, `task-${count}`);
  mkdirSync(task);
  writeFileSync(join(task, 'index.mjs'), code);
  const settings = {
    name: 'subject',
    arn: 'arn:subject',
    folder: task,
    handler: 'index.handler',
    memoryMb: 128,
    timeoutMs: 20_000,
    concurrency: 4,
    variables: { ONLY: 'this' },
    ...more,
  };
  const log = join(task, 'subject.log');
  const lambda = new LambdaFunction(settings, new LogFile(log), clockOffsetMs);
  running.push(lambda);
  return { lambda, log };
}

test('a handler gets the event and its context, and its result comes back as JSON', async () => {
  const { lambda } = functionOf(
    'export const handler = async (event, context) => ({ event, left: context.getRemainingTimeInMillis(), name: context.functionName, none: undefined })',
  );

  const outcome = await lambda.invoke({ a: 1 });

  expect(outcome).toMatchObject({ ok: true, result: { event: { a: 1 }, name: 'subject' } });
  expect((outcome as { result: { left: number } }).result.left).toBeGreaterThan(0);
  expect((outcome as { result: object }).result).not.toHaveProperty('none');
});

test('its environment holds what it is given and nothing else', async () => {
  const { lambda } = functionOf('export const handler = async () => Object.keys(process.env)');

  expect(await lambda.invoke({})).toMatchObject({ result: ['ONLY'] });
});

test('CommonJS and nested handlers are found as well', async () => {
  const { lambda } = functionOf('', { handler: 'nested/other.api.handler' });
  mkdirSync(join(lambda.settings.folder, 'nested'));
  writeFileSync(
    join(lambda.settings.folder, 'nested/other.js'),
    'exports.api = { handler: async () => __filename.length > 0 }',
  );

  expect(await lambda.invoke({})).toMatchObject({ ok: true, result: true });
});

test.each([
  ['a handler that throws', 'export const handler = async () => { throw new TypeError("wrong") }', 'TypeError'],
  ['a handler that is missing', 'export const other = 1', 'Runtime.HandlerNotFound'],
  ['code that does not load', 'import "./nowhere.mjs"', 'Error'],
  [
    'a heap over the memory',
    'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e6).fill(0.5)) }',
    'Error',
  ],
  ['a process that ends', 'export const handler = async () => process.exit(3)', 'Runtime.ExitError'],
])('%s is an outcome with its error, and the next event has another try', async (_, code, errorType) => {
  const { lambda } = functionOf(code);

  expect(await lambda.invoke({})).toMatchObject({ ok: false, error: { errorType } });
  expect(await lambda.invoke({})).toMatchObject({ ok: false, error: { errorType } });
});

test('a function that takes too long is ended, and a new environment takes the next event', async () => {
  const { lambda } = functionOf(
    'let calls = 0; export const handler = async ({ wait }) => wait ? new Promise(() => {}) : ++calls',
    { timeoutMs: 1_500 },
  );
  await lambda.invoke({});

  expect(await lambda.invoke({ wait: true })).toMatchObject({
    ok: false,
    error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 1.50 seconds' },
  });
  expect(await lambda.invoke({})).toMatchObject({ ok: true, result: 1 });
});

test('an environment has one event at a time, and there are no more of them than the concurrency', async () => {
  const code = `
    let busy = 0;
    const id = Math.random();
    export const handler = async () => {
      busy += 1;
      const together = busy;
      await new Promise((resolve) => setTimeout(resolve, 30));
      busy -= 1;
      return { id, together };
    };`;
  const { lambda } = functionOf(code, { concurrency: 2 });

  const outcomes = await Promise.all(Array.from({ length: 8 }, () => lambda.invoke({})));

  const results = outcomes.map((outcome) => (outcome as { result: { id: number; together: number } }).result);
  expect(new Set(results.map(({ id }) => id)).size).toBe(2);
  expect(results.every(({ together }) => together === 1)).toBe(true);
});

test('its clock is the shifted one, and runs', async () => {
  const code = 'export const handler = async () => [Date.now(), new Date().getTime(), new Date(0).getTime()]';
  const { lambda } = functionOf(code, {}, -30 * 365 * 86_400_000);

  const { result } = (await lambda.invoke({})) as unknown as { result: number[] };

  const expected = Date.now() - 30 * 365 * 86_400_000;
  expect(Math.abs((result[0] ?? 0) - expected)).toBeLessThan(60_000);
  expect(Math.abs((result[1] ?? 0) - expected)).toBeLessThan(60_000);
  expect(result[2]).toBe(0);
});

test('what it prints goes to its log as JSON lines, wrapped where it is not JSON', async () => {
  const code = `export const handler = async () => { console.log('{"level":"INFO","message":"own"}'); console.error('plain'); throw new Error('told') }`;
  const { lambda, log } = functionOf(code);
  await lambda.invoke({});
  await new Promise((resolve) => setTimeout(resolve, 100));
  await running.splice(0)[0]?.stop();

  const lines = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

  expect(lines).toContainEqual({ level: 'INFO', message: 'own' });
  expect(lines).toContainEqual(expect.objectContaining({ level: 'ERROR', message: 'plain' }));
  expect(lines).toContainEqual(expect.objectContaining({ message: expect.objectContaining({ errorMessage: 'told' }) }));
});
