/** The Distributed Map: executions of their own for items, failures tolerated or not, and what a redrive repeats. */
import {
  DescribeMapRunCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  type SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { deployMachine, graph, invoke, outputOf } from './support/state-machine.ts';

const distributed = (processor: object, more: object = {}) =>
  graph({
    Ranges: {
      Type: 'Map',
      Label: 'ranges',
      Items: '{% $states.input.items %}',
      ItemProcessor: { ...processor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      End: true,
      ...more,
    },
  });

async function mapRunOf(client: SFNClient, executionArn = '') {
  const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
  const [mapRunArn] = mapRuns.map((run) => run.mapRunArn);
  return client.send(new DescribeMapRunCommand({ mapRunArn }));
}

const failing = (isBroken: (n: number) => boolean, calls: number[] = []) => ({
  work: (n: unknown) => {
    calls.push(Number(n));
    if (isBroken(Number(n))) throw Object.assign(new Error('no'), { name: 'Broken' });
    return Number(n) * 10;
  },
});

test('each item is an execution of its own, so many at a time, and the outputs are in the order of the items', async () => {
  let running = 0;
  let together = 0;
  const { run, client } = await deployMachine(distributed(graph({ Work: invoke('work') }), { MaxConcurrency: 3 }), {
    work: async (n) => {
      running += 1;
      together = Math.max(together, running);
      await new Promise((resolve) => setTimeout(resolve, 20 - Number(n)));
      running -= 1;
      return Number(n) * 10;
    },
  });

  const execution = await run({ items: [1, 2, 3, 4, 5, 6, 7] });

  expect(outputOf(execution)).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(together).toBe(3);
  const mapRun = await mapRunOf(client, execution.executionArn);
  expect(mapRun).toMatchObject({
    status: 'SUCCEEDED',
    maxConcurrency: 3,
    itemCounts: { total: 7, succeeded: 7, failed: 0 },
  });
  const children = await client.send(new ListExecutionsCommand({ mapRunArn: mapRun.mapRunArn }));
  expect(children.executions).toHaveLength(7);
  expect(children.executions?.[0]?.executionArn).toContain(':execution:subject/ranges:');
});

test('items are selected, then batched by number and size, with the input of the batch beside them', async () => {
  const seen: unknown[] = [];
  const more = {
    ItemSelector: { n: '{% $states.context.Map.Item.Value %}', of: '{% $states.input.job %}' },
    ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { job: '{% $states.input.job %}' } },
    MaxConcurrency: 1,
  };
  const { run } = await deployMachine(distributed(graph({ Work: invoke('work') }), more), {
    work: (batch) => void seen.push(batch),
  });

  await run({ job: 'j', items: [1, 2, 3] });

  expect(seen).toEqual([
    {
      BatchInput: { job: 'j' },
      Items: [
        { n: 1, of: 'j' },
        { n: 2, of: 'j' },
      ],
    },
    { BatchInput: { job: 'j' }, Items: [{ n: 3, of: 'j' }] },
  ]);
});

test('a batch is no larger than its bytes allow', async () => {
  const sizes: number[] = [];
  const more = { ItemBatcher: { MaxInputBytesPerBatch: 100 } };
  const { run } = await deployMachine(distributed(graph({ Work: invoke('work') }), more), {
    work: (batch) => void sizes.push(JSON.stringify(batch).length),
  });

  await run({ items: Array.from({ length: 10 }, (_, n) => `item number ${n} of ten`) });

  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
});

test('without tolerance the first failure ends the run, with the error of the service', async () => {
  const { run, client } = await deployMachine(
    distributed(graph({ Work: invoke('work') }), { MaxConcurrency: 1 }),
    failing((n) => n === 2),
  );

  const execution = await run({ items: [1, 2, 3] });

  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  expect(await mapRunOf(client, execution.executionArn)).toMatchObject({
    status: 'FAILED',
    itemCounts: { total: 3, succeeded: 1, failed: 1, pending: 1 },
  });
});

test.each([
  ['a count', { ToleratedFailureCount: 2 }, [1, 2], 'SUCCEEDED'],
  ['a count that is passed', { ToleratedFailureCount: 2 }, [1, 2, 3], 'FAILED'],
  ['a percentage', { ToleratedFailurePercentage: 50 }, [1, 2], 'SUCCEEDED'],
  ['a percentage that is passed', { ToleratedFailurePercentage: 50 }, [1, 2, 3], 'FAILED'],
  ['an expression', { ToleratedFailureCount: '{% $count($states.input.items) %}' }, [1, 2, 3, 4], 'SUCCEEDED'],
])('failures are tolerated up to %s, and contribute no output', async (_, tolerance, broken, status) => {
  const { run } = await deployMachine(
    distributed(graph({ Work: invoke('work') }), tolerance),
    failing((n) => broken.includes(n)),
  );

  const execution = await run({ items: [1, 2, 3, 4] });

  expect(execution.status).toBe(status);
  const expected = [1, 2, 3, 4].filter((n) => !broken.includes(n)).map((n) => n * 10);
  if (status === 'SUCCEEDED') expect(outputOf(execution)).toEqual(expected);
});

test('the items of a batch that failed have all failed', async () => {
  const more = { ItemBatcher: { MaxItemsPerBatch: 2 }, ToleratedFailureCount: 1 };
  const { run } = await deployMachine(
    distributed(graph({ Work: invoke('work') }), more),
    failing(() => true),
  );

  expect(await run({ items: [1, 2] })).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
});

test('a child sees neither the variables of its parent nor its execution', async () => {
  const processor = graph({ Look: { Type: 'Pass', Output: '{% $states.context.Execution.Id %}', End: true } });
  const { run } = await deployMachine(distributed(processor));
  const execution = await run({ items: [1] });
  expect(outputOf(execution)[0]).not.toBe(execution.executionArn);

  const asking = graph({ Ask: { Type: 'Pass', Output: '{% $outer %}', End: true } });
  const { States } = distributed(asking) as { States: Record<string, object> };
  const other = await deployMachine(graph({ Set: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Ranges' }, ...States }));
  expect(await other.run({ items: [1] })).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
});

test('a redrive runs only the children that did not succeed, each from the state that failed', async () => {
  const calls: number[] = [];
  const begun: number[] = [];
  let broken = [2, 4];
  const processor = graph({ Begin: invoke('begin', { End: undefined, Next: 'Work' }), Work: invoke('work') });
  const { run, client, ended } = await deployMachine(distributed(processor, { ToleratedFailureCount: 1 }), {
    begin: (n) => {
      begun.push(Number(n));
      return n;
    },
    ...failing((n) => broken.includes(n), calls),
  });
  const failed = await run({ items: [1, 2, 3, 4] });
  expect(failed.status).toBe('FAILED');
  const before = await mapRunOf(client, failed.executionArn);
  const succeeded = before.itemCounts?.succeeded ?? 0;
  broken = [];
  calls.length = 0;

  await client.send(new RedriveExecutionCommand({ executionArn: failed.executionArn }));
  const execution = await ended(failed.executionArn ?? '');

  expect(outputOf(execution)).toEqual([10, 20, 30, 40]);
  expect(calls).toHaveLength(4 - succeeded);
  expect(begun.toSorted()).toEqual([1, 2, 3, 4]);
  const after = await mapRunOf(client, failed.executionArn);
  expect(after).toMatchObject({
    mapRunArn: before.mapRunArn,
    status: 'SUCCEEDED',
    redriveCount: 1,
    itemCounts: { succeeded: 4 },
  });
});

test('an express child is run anew by a redrive, from its first state on', async () => {
  const begun: number[] = [];
  let isBroken = true;
  const processor = graph({ Begin: invoke('begin', { End: undefined, Next: 'Work' }), Work: invoke('work') });
  const ItemProcessor = { ...processor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } };
  const { run, client, ended } = await deployMachine(distributed({}, { ItemProcessor }), {
    begin: (n) => {
      begun.push(Number(n));
      return n;
    },
    ...failing(() => isBroken),
  });
  const { executionArn = '' } = await run({ items: [7] });
  isBroken = false;

  await client.send(new RedriveExecutionCommand({ executionArn }));

  expect(outputOf(await ended(executionArn))).toEqual([70]);
  expect(begun).toEqual([7, 7]);
});

test('a run that is stopped halfway is finished by a redrive, without doing again what was done', async () => {
  const done = new Set<number>();
  const calls: number[] = [];
  let isStuck = true;
  const { start, client, ended } = await deployMachine(
    distributed(graph({ Work: invoke('work') }), { MaxConcurrency: 2 }),
    {
      work: async (n) => {
        calls.push(Number(n));
        if (isStuck && Number(n) > 3) await new Promise(() => {});
        done.add(Number(n));
        return n;
      },
    },
  );
  const executionArn = await start({ items: [1, 2, 3, 4, 5, 6] });
  await eventually(
    async () => calls.length,
    (count) => count === 5,
  );

  await client.send(new StopExecutionCommand({ executionArn, cause: 'killed' }));
  expect(await ended(executionArn)).toMatchObject({ status: 'ABORTED', cause: 'killed' });
  const mapRun = await mapRunOf(client, executionArn);
  expect(mapRun).toMatchObject({ status: 'ABORTED', itemCounts: { succeeded: 3, aborted: 2, pending: 1, total: 6 } });
  isStuck = false;
  calls.length = 0;
  await client.send(new RedriveExecutionCommand({ executionArn }));

  expect(outputOf(await ended(executionArn))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(calls.toSorted()).toEqual([4, 5, 6]);
});

test('a retrier of the map begins another run', async () => {
  let calls = 0;
  const Retry = [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], IntervalSeconds: 1, MaxAttempts: 1 }];
  const { run, client } = await deployMachine(distributed(graph({ Work: invoke('work') }), { Retry }), {
    work: () => {
      calls += 1;
      if (calls === 1) throw new Error('once');
      return calls;
    },
  });

  const execution = await run({ items: [1] });

  expect(outputOf(execution)).toEqual([2]);
  const { mapRuns } = await client.send(new ListMapRunsCommand({ executionArn: execution.executionArn }));
  expect(mapRuns).toHaveLength(2);
});
