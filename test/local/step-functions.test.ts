/** State machines as the service documents them, seen through the SDK's client. */
import { expect, test } from 'vitest';
import { deployMachine, functionArn, graph, invoke, outputOf } from './support/state-machine.ts';

const named = (name: string, message = 'no') => Object.assign(new Error(message), { name });

test('states hand their output on, variables reach every later state, and both are read as they were before', async () => {
  const { run, history } = await deployMachine(
    graph({
      First: {
        Type: 'Pass',
        Assign: { n: '{% $states.input.n + 1 %}', kept: [1, { a: '{% $states.input.n %}' }] },
        Output: { doubled: '{% $states.input.n * 2 %}', plain: 'text' },
        Next: 'Second',
      },
      Second: {
        Type: 'Pass',
        Assign: { n: '{% $n * 10 %}' },
        Output: '{% [$n, $states.input.doubled] %}',
        Next: 'Third',
      },
      Third: { Type: 'Succeed', Output: '{% { "n": $n, "kept": $kept, "input": $states.input } %}' },
    }),
  );

  const execution = await run({ n: 3 });

  expect(execution.status).toBe('SUCCEEDED');
  expect(outputOf(execution)).toEqual({ n: 40, kept: [1, { a: 3 }], input: [4, 6] });
  expect((await history(execution.executionArn ?? '')).map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    ...['PassStateEntered', 'PassStateExited', 'PassStateEntered', 'PassStateExited'],
    ...['SucceedStateEntered', 'SucceedStateExited', 'ExecutionSucceeded'],
  ]);
});

test('a task invokes its function and sees the answer of the Invoke operation', async () => {
  const seen: unknown[] = [];
  const task = { ...invoke('double'), Output: '{% $states.result %}' };
  const { run, history } = await deployMachine(graph({ Double: task }), {
    double: (event) => {
      seen.push(event);
      return { doubled: 2 * (event as { n: number }).n };
    },
  });

  const execution = await run({ n: 21 });

  expect(seen).toEqual([{ n: 21 }]);
  expect(outputOf(execution)).toMatchObject({ ExecutedVersion: '$LATEST', Payload: { doubled: 42 }, StatusCode: 200 });
  const events = await history(execution.executionArn ?? '');
  expect(events.map(({ type }) => type)).toContain('TaskSucceeded');
  expect(events.find(({ type }) => type === 'TaskScheduled')?.taskScheduledEventDetails).toMatchObject({
    resource: 'invoke',
    resourceType: 'lambda',
  });
});

test('a function named as the resource itself gives its bare answer', async () => {
  const task = { Type: 'Task', Resource: functionArn('echo'), Arguments: { a: '{% $states.input.b %}' }, End: true };
  const { run } = await deployMachine(graph({ Echo: task }), { echo: (event) => ({ got: event }) });

  expect(outputOf(await run({ b: 7 }))).toEqual({ got: { a: 7 } });
});

test('the context object tells of execution, state machine and state', async () => {
  const { run, arn } = await deployMachine(
    graph({ Look: { Type: 'Pass', Output: '{% $states.context %}', End: true } }),
  );

  const execution = await run({ a: 1 });

  expect(outputOf(execution)).toMatchObject({
    Execution: {
      Id: execution.executionArn,
      Input: { a: 1 },
      Name: execution.name,
      RedriveCount: 0,
      RoleArn: 'arn:role',
    },
    StateMachine: { Id: arn, Name: 'subject' },
    State: { Name: 'Look', RetryCount: 0 },
  });
});

test.each([
  [5, 'small'],
  [50, 'large'],
  [500, 'other'],
])('a choice on %i goes to %s', async (n, expected) => {
  const to = (Next: string, Condition: string, more = {}) => ({ Condition, Next, ...more });
  const { run } = await deployMachine(
    graph({
      Choose: {
        Type: 'Choice',
        Choices: [
          to('End', '{% $states.input.n < 10 %}', { Assign: { which: 'small' } }),
          to('End', '{% $states.input.n < 100 %}', { Assign: { which: 'large' } }),
        ],
        Default: 'End',
        Assign: { which: 'other' },
      },
      End: { Type: 'Pass', Output: '{% $which %}', End: true },
    }),
  );

  expect(outputOf(await run({ n }))).toBe(expected);
});

test('a choice that nothing matches, without a default, fails', async () => {
  const { run } = await deployMachine(
    graph({
      Choose: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n = 1 %}', Next: 'End' }] },
      End: { Type: 'Succeed' },
    }),
  );

  expect(await run({ n: 2 })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
});

test('an execution that takes longer than its state machine allows has timed out, and can be redriven', async () => {
  const definition = { ...graph({ Wait: { Type: 'Wait', Seconds: 60, End: true } }), TimeoutSeconds: 1 };
  const { run } = await deployMachine(definition);

  expect(await run()).toMatchObject({ status: 'TIMED_OUT', redriveStatus: 'REDRIVABLE' });
});

test('a wait lasts its seconds, or until its time', async () => {
  const { run } = await deployMachine(
    graph({
      Seconds: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Next: 'Time' },
      Time: { Type: 'Wait', Timestamp: '{% $states.input.time %}', End: true },
    }),
  );
  const before = performance.now();

  const execution = await run({ seconds: 1, time: new Date(Date.now() + 2_000).toISOString() });

  expect(execution.status).toBe('SUCCEEDED');
  expect(performance.now() - before).toBeGreaterThanOrEqual(1_900);
});

test('a Fail state fails the execution with what its expressions say', async () => {
  const Stop = { Type: 'Fail', Error: 'Custom', Cause: '{% "because of " & $states.input.reason %}' };
  const { run } = await deployMachine(graph({ Stop }));

  expect(await run({ reason: 'rain' })).toMatchObject({ status: 'FAILED', error: 'Custom', cause: 'because of rain' });
});

test.each([
  [
    'Output',
    { Output: { v: { w: '{% $states.input.missing %}' } } },
    "'$states.input.missing' specified for the field 'Output/v/w' returned nothing (undefined).",
  ],
  [
    'Assign',
    { Assign: { x: '{% $nobody %}' } },
    "'$nobody' specified for the field 'Assign/x' returned nothing (undefined).",
  ],
  [
    'an error',
    { Output: '{% $split("a", "b", -1) %}' },
    "specified for the field 'Output' threw an error during evaluation. D3020",
  ],
  ['a function', { Output: '{% $sum %}' }, "specified for the field 'Output' returned an unsupported result type."],
  ['$eval', { Output: '{% $eval("1+1") %}' }, 'T1006'],
])('an expression that comes to nothing fails its state: %s', async (_, fields, cause) => {
  const { run } = await deployMachine(graph({ Ask: { Type: 'Pass', ...fields, End: true } }));

  const execution = await run();

  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  expect(execution.cause).toContain(
    "An error occurred while executing the state 'Ask' (entered at the event id #2). The JSONata expression",
  );
  expect(execution.cause).toContain(cause);
});

test('an expression that fails in a task can be caught', async () => {
  const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Caught' }];
  const { run } = await deployMachine(
    graph({
      Work: invoke('echo', { Output: '{% $states.result.none %}', Catch }),
      Caught: { Type: 'Pass', Output: 1, End: true },
    }),
    { echo: (event) => event },
  );

  expect(outputOf(await run())).toBe(1);
});

test('the functions that Step Functions adds to JSONata are there', async () => {
  const Output = {
    partition: '{% $partition([1,2,3,4,5], 2) %}',
    range: '{% $range(0, 10, 5) %}',
    hash: '{% $hash("abc", "SHA-256") %}',
    parse: '{% $parse("[1]") %}',
    uuid: '{% $length($uuid()) %}',
    random: '{% $random(7) = $random(7) and $random() < 1 %}',
  };
  const { run } = await deployMachine(graph({ Ask: { Type: 'Pass', Output, End: true } }));

  expect(outputOf(await run())).toEqual({
    partition: [[1, 2], [3, 4], [5]],
    range: [0, 5, 10],
    hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    parse: [1],
    uuid: 36,
    random: true,
  });
});

test.each([
  ['a function returns', { Output: '{% $states.result.StatusCode %}' }],
  ['a state hands on', { Output: '{% $pad("", 262145, "x") %}' }],
  ['a task is given', { Arguments: { FunctionName: functionArn('big'), Payload: '{% $pad("", 262145, "x") %}' } }],
])('more than 256 KiB that %s fails the execution, and no wildcard catches it', async (_, fields) => {
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
  const task = invoke('big', { ...fields, Catch });
  const { run } = await deployMachine(graph({ Work: task, Caught: { Type: 'Succeed' } }), {
    big: () => 'x'.repeat(262_144),
  });

  expect(await run()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

test('what just fits passes', async () => {
  const { run } = await deployMachine(
    graph({ Make: { Type: 'Pass', Output: '{% $pad("", 262142, "x") %}', End: true } }),
  );

  expect(outputOf(await run())).toHaveLength(262_142);
});

test('branches run at the same time, read the variables around them, and their outputs are in order', async () => {
  let together = 0;
  const arrived = new Promise<void>((resolve) => {
    setInterval(() => together === 2 && resolve(), 5).unref();
  });
  const branch = (name: string) =>
    graph({
      [name]: invoke('meet', { Arguments: { FunctionName: functionArn('meet'), Payload: `{% '${name}' & $word %}` } }),
    });
  const { run } = await deployMachine(
    graph({
      Set: { Type: 'Pass', Assign: { word: '!' }, Next: 'Both' },
      Both: { Type: 'Parallel', Branches: [branch('a'), branch('b')], Output: '{% $states.result %}', End: true },
    }),
    {
      meet: async (name) => {
        together += 1;
        await arrived;
        return name;
      },
    },
  );

  expect(outputOf(await run())).toEqual(['a!', 'b!']);
});

test('an inline map runs its states for each item, with the item in the context', async () => {
  const ItemProcessor = graph({
    Each: { Type: 'Pass', Output: '{% [$states.input, $states.context.Map.Item.Index, $base] %}', End: true },
  });
  const { run } = await deployMachine(
    graph({
      Set: { Type: 'Pass', Assign: { base: 10 }, Next: 'All' },
      All: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemSelector: { v: '{% $states.context.Map.Item.Value * $base %}' },
        ItemProcessor,
        End: true,
      },
    }),
  );

  expect(outputOf(await run({ items: [1, 2] }))).toEqual([
    [{ v: 10 }, 0, 10],
    [{ v: 20 }, 1, 10],
  ]);
  expect(outputOf(await run({ items: [] }))).toEqual([]);
});

test('an iteration that fails fails the map, which can catch it', async () => {
  const { run } = await deployMachine(
    graph({
      All: {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency: 1,
        ItemProcessor: graph({ Each: invoke('odd') }),
        Catch: [{ ErrorEquals: ['Even'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', Output: 'caught', End: true },
    }),
    {
      odd: (n) => {
        if (Number(n) % 2 === 0) throw named('Even');
        return n;
      },
    },
  );

  expect(outputOf(await run())).toBe('caught');
});
