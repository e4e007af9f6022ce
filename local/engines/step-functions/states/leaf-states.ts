/** Pass, Choice, Wait, Succeed and Fail: states that ask nobody. */
import type { ChoiceState, FailState, WaitState } from '../definition.ts';
import type { Performed, StateRun } from '../flow.ts';
import { queryError, runtimeError, StateError } from '../state-error.ts';

export function pass({ input }: StateRun): Performed {
  return { output: input };
}

export async function choose(run: StateRun<ChoiceState>): Promise<Performed> {
  const { Choices, Default } = run.state;
  for (const [index, rule] of Choices.entries()) {
    const field = `Choices[${index}]`;
    const holds = await run.evaluate(rule.Condition, `${field}/Condition`);
    if (typeof holds !== 'boolean') {
      throw queryError(`The field '${field}/Condition' must be a boolean, but is ${JSON.stringify(holds)}.`);
    }
    if (holds) return { output: run.input, rule: { next: rule.Next, handsOn: rule, field: `${field}/` } };
  }
  if (Default !== undefined) return { output: run.input, rule: { next: Default, handsOn: run.state, field: '' } };
  throw new StateError('States.NoChoiceMatched', 'No Choice Rule matched, and there is no Default.');
}

export async function wait(run: StateRun<WaitState>): Promise<Performed> {
  const { ports, signal } = run.flow;
  await ports.pause(await millisecondsOf(run), signal);
  return { output: run.input };
}

async function millisecondsOf(run: StateRun<WaitState>): Promise<number> {
  const { Seconds, Timestamp } = run.state;
  const seconds = await run.number(Seconds, 'Seconds');
  // What was waited before a restart counts.
  const enteredAt = Date.parse(run.progress.entered?.time ?? '');
  if (seconds !== undefined) return Math.max(0, enteredAt + seconds * 1000 - run.flow.ports.now());
  const value = Timestamp === undefined ? undefined : await run.evaluate(Timestamp, 'Timestamp');
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) {
    throw runtimeError(`The field 'Timestamp' must be a time as RFC 3339 writes it, but is ${JSON.stringify(value)}.`);
  }
  return Math.max(0, time - run.flow.ports.now());
}

export async function fail(run: StateRun<FailState>): Promise<never> {
  const { Error: error, Cause: cause } = run.state;
  const text = async (template: typeof error, field: string) => {
    const value = template === undefined ? undefined : await run.evaluate(template, field);
    if (value === undefined || typeof value === 'string') return value;
    throw queryError(`The field '${field}' must be a string, but is ${JSON.stringify(value)}.`);
  };
  throw new StateError((await text(error, 'Error')) ?? '', await text(cause, 'Cause'));
}
