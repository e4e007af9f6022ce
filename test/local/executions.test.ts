/** Executions from outside: names, what stops them, what a redrive repeats. */
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { deployMachine, graph, invoke, outputOf } from './support/state-machine.ts';

const named = (name: string, message = 'no') => Object.assign(new Error(message), { name });

test('a name is an execution: the same input while it runs is the same one, anything else is refused', async () => {
  const { start, client, arn, ended } = await deployMachine(graph({ Wait: { Type: 'Wait', Seconds: 1, End: true } }));
  const first = await start({ a: 1 }, 'job-1');

  expect(await start({ a: 1 }, 'job-1')).toBe(first);
  await expect(start({ a: 2 }, 'job-1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  await ended(first);
  await expect(start({ a: 1 }, 'job-1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  const listed = await client.send(new ListExecutionsCommand({ stateMachineArn: arn, statusFilter: 'SUCCEEDED' }));
  expect(listed.executions).toMatchObject([{ executionArn: first, name: 'job-1' }]);
});

test('an execution that is stopped is aborted with the reason given, and its task is given up', async () => {
  const { start, client, ended } = await deployMachine(graph({ Work: invoke('slow') }), {
    slow: () => new Promise(() => {}),
  });
  const executionArn = await start();

  await client.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by hand' }));

  expect(await ended(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
});

test('a redrive goes on from the state that failed, and repeats nothing before it', async () => {
  const calls: string[] = [];
  let isBroken = true;
  const { run, client, ended, history } = await deployMachine(
    graph({
      First: invoke('first', { End: undefined, Next: 'Both', Assign: { seen: 1 } }),
      Both: {
        Type: 'Parallel',
        Branches: [graph({ Good: invoke('good') }), graph({ Bad: invoke('bad') })],
        Next: 'Last',
      },
      Last: {
        Type: 'Pass',
        Output: {
          was: '{% $states.input %}',
          seen: '{% $seen %}',
          redrives: '{% $states.context.Execution.RedriveCount %}',
        },
        End: true,
      },
    }),
    {
      first: () => void calls.push('first'),
      good: () => calls.push('good') && 'good',
      bad: async () => {
        calls.push('bad');
        await eventually(
          async () => calls,
          (all) => all.includes('good'),
        );
        // The other branch is done by then.
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (isBroken) throw named('Broken');
        return 'bad';
      },
    },
  );
  const failed = await run();
  expect(failed).toMatchObject({ status: 'FAILED', error: 'Broken', redriveStatus: 'REDRIVABLE' });
  isBroken = false;

  const { executionArn } = failed;
  await client.send(new RedriveExecutionCommand({ executionArn }));

  const execution = await ended(executionArn ?? '');
  expect(execution).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
  expect(outputOf(execution)).toEqual({ was: ['good', 'bad'], seen: 1, redrives: 1 });
  expect(calls.toSorted()).toEqual(['bad', 'bad', 'first', 'good']);
  expect((await history(executionArn ?? '')).map(({ type }) => type)).toContain('ExecutionRedriven');
  await expect(client.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
    name: 'ExecutionNotRedrivable',
  });
});

test('an express state machine answers at once when it is asked to', async () => {
  const { client, arn } = await deployMachine(
    graph({ Add: { Type: 'Pass', Output: '{% $states.input.a + 1 %}', End: true } }),
    {},
    { StateMachineType: 'EXPRESS' },
  );

  const answer = await client.send(new StartSyncExecutionCommand({ stateMachineArn: arn, input: '{"a":1}' }));

  expect(answer).toMatchObject({ status: 'SUCCEEDED', output: '2' });
});

test('what does not exist and what is no input is told by its name', async () => {
  const { client, arn } = await deployMachine(graph({ End: { Type: 'Succeed' } }));
  const start = (input: object) => client.send(new StartExecutionCommand({ stateMachineArn: arn, ...input }));

  await expect(start({ stateMachineArn: `${arn}x` })).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  await expect(start({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  await expect(start({ name: 'a b' })).rejects.toMatchObject({ name: 'InvalidName' });
  const nobody = new DescribeExecutionCommand({ executionArn: 'arn:nobody' });
  await expect(client.send(nobody)).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
});
