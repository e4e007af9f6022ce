/** Executions from one run of the service to the next: stopped, or killed at any moment. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Definition } from '#local/engines/step-functions/definition.ts';
import { ExecutionStore } from '#local/engines/step-functions/execution-store.ts';
import type { Json } from '#local/engines/step-functions/json.ts';
import { pause } from '#local/engines/step-functions/pause.ts';
import { StateMachines } from '#local/engines/step-functions/state-machines.ts';
import { eventually } from './support/eventually.ts';
import { graph, invoke } from './support/state-machine.ts';

const folders: string[] = [];
const running: StateMachines[] = [];
afterEach(async () => {
  for (const machines of running.splice(0)) await machines.halt();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-executions-'));
  folders.push(folder);
  return folder;
}

/** One run of the service. */
function start(folder: string, definition: object, work: (event: Json) => unknown): StateMachines {
  const call = async (_: string, event: Json) => ({
    ok: true as const,
    requestId: 'r',
    result: (await work(event)) ?? null,
  });
  const machines = new StateMachines({ now: () => Date.now(), pause, invoke: call }, new ExecutionStore(folder));
  running.push(machines);
  machines.create({ name: 'subject', roleArn: 'arn:role', type: 'STANDARD', definition: definition as Definition });
  machines.resume();
  return machines;
}

const begin = (machines: StateMachines, input: Json) => {
  const [machine] = machines.list();
  if (!machine) throw new Error('there is a state machine');
  return machines.start(machine, input, 'job').record.arn;
};

const ended = (machines: StateMachines, arn: string) =>
  eventually(
    async () => machines.findExecution(arn).record,
    ({ status }) => status !== 'RUNNING',
  );

const never = () => new Promise(() => {});
const items = graph({
  Before: invoke('work', { Next: 'All', End: undefined, Output: '{% $states.input %}', Assign: { seen: 1 } }),
  All: {
    Type: 'Map',
    Items: '{% $states.input %}',
    MaxConcurrency: 2,
    ItemProcessor: {
      ...graph({ Each: invoke('work') }),
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    },
    Output: { all: '{% $states.result %}', seen: '{% $seen %}' },
    End: true,
  },
});

test.each(['stopped', 'killed'])(
  'what ran when the service was %s goes on, and repeats nothing that was done',
  async (how) => {
    const folder = newFolder();
    const calls: Json[] = [];
    const first = start(folder, items, async (n) => {
      calls.push(n);
      if (Number(n) > 2) await never();
      return n;
    });
    const arn = begin(first, [1, 2, 3, 4, 5]);
    await eventually(
      async () => calls.length,
      (count) => count === 5,
    );
    if (how === 'stopped') await first.halt();
    // What was done half a second ago is kept; a kill leaves the rest of the first run hanging, and nothing of it is asked again.
    else await new Promise((resolve) => setTimeout(resolve, 500));
    calls.length = 0;

    const second = start(folder, items, (n) => {
      calls.push(n);
      return n;
    });
    const record = await ended(second, arn);

    expect(record).toMatchObject({ status: 'SUCCEEDED', redriveCount: 0, output: { all: [1, 2, 3, 4, 5], seen: 1 } });
    expect(calls.toSorted()).toEqual([3, 4, 5]);
    expect(record.events.filter(({ type }) => type === 'MapRunStarted')).toHaveLength(1);
    expect(second.mapRuns()[0]?.record).toMatchObject({ status: 'SUCCEEDED', redriveCount: 0 });
  },
);

test('a wait goes on for what is left of it', async () => {
  const folder = newFolder();
  const waiting = graph({ Wait: { Type: 'Wait', Seconds: 2, Next: 'End' }, End: { Type: 'Succeed' } });
  const first = start(folder, waiting, () => null);
  const arn = begin(first, {});
  const { startedAt } = first.findExecution(arn).record;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await first.halt();

  const record = await ended(
    start(folder, waiting, () => null),
    arn,
  );

  expect(record.status).toBe('SUCCEEDED');
  expect((record.stoppedAt ?? 0) - startedAt).toBeGreaterThanOrEqual(2_000);
});

test('branches that were done stay done, and the others go on where they were', async () => {
  const folder = newFolder();
  const calls: Json[] = [];
  const branch = (name: string) =>
    graph({ [`${name}1`]: { Type: 'Pass', Output: name, Next: `${name}2` }, [`${name}2`]: invoke('work') });
  const both = graph({ Both: { Type: 'Parallel', Branches: [branch('a'), branch('b')], End: true } });
  const first = start(folder, both, async (name) => {
    calls.push(name);
    if (name === 'b') await never();
    return name;
  });
  const arn = begin(first, {});
  await eventually(
    async () => calls.length,
    (count) => count === 2,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  await first.halt();

  const record = await ended(
    start(folder, both, (name) => calls.push(name) && name),
    arn,
  );

  expect(record.output).toEqual(['a', 'b']);
  expect(calls).toEqual(['a', 'b', 'b']);
});

test('an execution that failed can be redriven in the next run', async () => {
  const folder = newFolder();
  const failing = graph({ Work: invoke('work', { TimeoutSeconds: 1 }) });
  const first = start(folder, failing, never);
  const arn = begin(first, {});
  expect(await ended(first, arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  await first.halt();

  const second = start(folder, failing, () => 'done');
  expect(second.findExecution(arn).record.status).toBe('FAILED');
  second.findExecution(arn).redrive();

  expect(await ended(second, arn)).toMatchObject({ status: 'SUCCEEDED', output: 'done', redriveCount: 1 });
});

test('what ended more than 90 days ago is forgotten', async () => {
  const folder = newFolder();
  const first = start(folder, graph({ End: { Type: 'Succeed' } }), () => null);
  const arn = begin(first, {});
  await ended(first, arn);
  await first.halt();
  const days = 86_400_000;

  const kept = new ExecutionStore(folder).load(Date.now() + 89 * days);
  const later = new ExecutionStore(folder).load(Date.now() + 91 * days);

  expect([kept.length, later.length]).toEqual([1, 0]);
  expect(new ExecutionStore(folder).load(Date.now())).toEqual([]);
});
