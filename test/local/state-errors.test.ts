/** Retry and Catch, as the service documents them. */
import { expect, test } from 'vitest';
import { deployMachine, functionArn, graph, invoke, outputOf } from './support/state-machine.ts';

const named = (name: string, message = 'no') => Object.assign(new Error(message), { name });

test('a task is tried again as often as its retrier says, and the count is in the context', async () => {
  let calls = 0;
  const Retry = [
    { ErrorEquals: ['Other'], MaxAttempts: 9 },
    { ErrorEquals: ['Busy'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 },
  ];
  const Arguments = { FunctionName: functionArn('busy'), Payload: '{% $states.context.State.RetryCount %}' };
  const { run, history } = await deployMachine(graph({ Work: invoke('busy', { Retry, Arguments }) }), {
    busy: (count) => {
      calls += 1;
      if (calls < 3) throw named('Busy');
      return count;
    },
  });

  const execution = await run();

  expect(outputOf(execution)).toBe(2);
  const types = (await history(execution.executionArn ?? '')).map(({ type }) => type);
  expect(types.filter((type) => type === 'TaskFailed')).toHaveLength(2);
  expect(types.filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
});

test('when its retries are used up, a task fails with the error of the function', async () => {
  let calls = 0;
  const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }];
  const { run } = await deployMachine(graph({ Work: invoke('broken', { Retry }) }), {
    broken: () => {
      calls += 1;
      throw named('Broken', 'it is broken');
    },
  });

  const execution = await run();

  expect(calls).toBe(2);
  expect(execution).toMatchObject({ status: 'FAILED', error: 'Broken' });
  expect(JSON.parse(execution.cause ?? '')).toMatchObject({ errorType: 'Broken', errorMessage: 'it is broken' });
});

test.each([
  ['its name', ['Broken'], 'caught'],
  ['States.TaskFailed', ['Other', 'States.TaskFailed'], 'caught'],
  ['States.ALL', ['States.ALL'], 'caught'],
  ['another name', ['Other'], undefined],
])('an error is caught by %s', async (_, ErrorEquals, expected) => {
  const Catch = [
    { ErrorEquals, Next: 'Caught', Assign: { error: '{% $states.errorOutput.Error %}' }, Output: 'caught' },
  ];
  const { run } = await deployMachine(
    graph({
      Work: invoke('broken', { Catch }),
      Caught: { Type: 'Pass', Output: '{% { "was": $states.input, "error": $error } %}', End: true },
    }),
    {
      broken: () => {
        throw named('Broken');
      },
    },
  );

  const execution = await run();

  if (expected === undefined) expect(execution).toMatchObject({ status: 'FAILED', error: 'Broken' });
  else expect(outputOf(execution)).toEqual({ was: expected, error: 'Broken' });
});

test('a catcher without Output hands the error on', async () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
  const { run } = await deployMachine(
    graph({ Work: invoke('broken', { Catch }), Caught: { Type: 'Pass', End: true } }),
    {
      broken: () => {
        throw named('Broken', 'why');
      },
    },
  );

  expect(outputOf(await run())).toEqual({ Error: 'Broken', Cause: expect.stringContaining('why') });
});

test('a task that takes too long has States.Timeout, which States.TaskFailed does not stand for', async () => {
  const Catch = [
    { ErrorEquals: ['States.TaskFailed'], Next: 'Wrong' },
    { ErrorEquals: ['States.Timeout'], Next: 'Late' },
  ];
  const { run } = await deployMachine(
    graph({
      Work: invoke('slow', { TimeoutSeconds: 1, Catch }),
      Wrong: { Type: 'Pass', Output: 'wrong', End: true },
      Late: { Type: 'Pass', Output: 'late', End: true },
    }),
    { slow: () => new Promise(() => {}) },
  );

  expect(outputOf(await run())).toBe('late');
});
