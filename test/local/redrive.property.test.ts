/**
 * Whatever fails and however often it is redriven or restarted, an execution ends with what it would have come to
 * without any failure, and no task that succeeded is asked again by a redrive.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Definition } from '#local/engines/step-functions/definition.ts';
import { ExecutionStore } from '#local/engines/step-functions/execution-store.ts';
import type { Json } from '#local/engines/step-functions/json.ts';
import { pause } from '#local/engines/step-functions/pause.ts';
import { StateMachines } from '#local/engines/step-functions/state-machines.ts';
import { graph, invoke } from './support/state-machine.ts';

const step = (name: string, more: object = {}) =>
  invoke('work', {
    Arguments: { FunctionName: 'work', Payload: { step: name, input: '{% $states.input %}' } },
    ...more,
  });

const chain = (prefix: string) =>
  graph({
    [`${prefix}1`]: step(`${prefix}1`, { End: undefined, Next: `${prefix}2` }),
    [`${prefix}2`]: step(`${prefix}2`),
  });

const map = (prefix: string, config: object | undefined, more: object = {}) => ({
  Type: 'Map',
  ItemProcessor: { ...chain(prefix), ...(config && { ProcessorConfig: config }) },
  MaxConcurrency: 3,
  ...more,
});

const definition = graph({
  First: step('first', {
    End: undefined,
    Next: 'Distributed',
    Output: '{% $states.input %}',
    Assign: { seen: '{% $states.result.Payload %}' },
  }),
  Distributed: map(
    'd',
    { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    { Next: 'Inline', ToleratedFailureCount: 0 },
  ),
  Inline: map('i', undefined, { Next: 'Both' }),
  Both: {
    Type: 'Parallel',
    Branches: [chain('a'), chain('b')],
    Output: { both: '{% $states.result %}', seen: '{% $seen %}' },
    End: true,
  },
}) as unknown as Definition;

interface Asked {
  readonly step: string;
  readonly input: Json;
}

/** What a task comes to, told apart by its step and by how it came there. */
const answerOf = ({ step: name, input }: Asked): Json =>
  name === 'first' ? 'begun' : `${JSON.stringify(input).replaceAll(/[^\w]/g, '')}${name}`;

interface World {
  readonly succeeded: Map<string, number>;
  fails(): boolean;
}

function open(world: World, folder?: string): StateMachines {
  const call = async (_: string, event: Json, signal: AbortSignal) => {
    const asked = event as unknown as Asked;
    await new Promise((resolve) => setImmediate(resolve));
    if (world.fails())
      return { ok: false as const, requestId: 'r', error: { errorType: 'Broken', errorMessage: '', trace: [] } };
    const key = JSON.stringify(asked);
    // What is given up because another branch failed is nobody's success, whatever its function still does.
    if (!signal.aborted) world.succeeded.set(key, (world.succeeded.get(key) ?? 0) + 1);
    return { ok: true as const, requestId: 'r', result: answerOf(asked) };
  };
  return new StateMachines({ now: () => Date.now(), pause, invoke: call }, new ExecutionStore(folder));
}

async function begin(world: World, items: readonly number[], folder?: string) {
  const machines = open(world, folder);
  const machine = machines.create({ name: 'subject', roleArn: 'arn:role', type: 'STANDARD', definition });
  return { machines, execution: machines.start(machine, items) };
}

async function withoutFailure(items: readonly number[]): Promise<Json | undefined> {
  const { execution } = await begin({ succeeded: new Map(), fails: () => false }, items);
  await execution.finished;
  return execution.record.output;
}

const items = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 6 });
const coins = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 20, maxLength: 200 });

test('redriven until it succeeds, an execution comes to the same, and no task succeeds twice', async () => {
  await fc.assert(
    fc.asyncProperty(items, coins, async (given, drawn) => {
      let n = 0;
      // Coins run out, so that it succeeds in the end.
      const world: World = { succeeded: new Map(), fails: () => (drawn[n++] ?? 99) < 30 };
      const { execution } = await begin(world, given);
      await execution.finished;
      while (execution.record.status !== 'SUCCEEDED') {
        expect(execution.record.status).toBe('FAILED');
        execution.redrive();
        await execution.finished;
      }

      expect(execution.record.output).toEqual(await withoutFailure(given));
      expect([...world.succeeded.values()].every((count) => count === 1)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('stopped and restarted at any moments, and redriven where it failed, an execution comes to the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      items,
      coins,
      fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 5 }),
      async (given, drawn, moments) => {
        const folder = mkdtempSync(join(tmpdir(), 'shoal-redrive-'));
        let n = 0;
        const world: World = { succeeded: new Map(), fails: () => (drawn[n++] ?? 99) < 10 };
        let { machines, execution } = await begin(world, given, folder);
        for (const moment of moments) {
          for (let turn = 0; turn < moment; turn++) await new Promise((resolve) => setImmediate(resolve));
          await machines.halt();
          machines = open(world, folder);
          execution = machines.findExecution(execution.record.arn);
          machines.resume();
          await Promise.resolve();
        }
        await execution.finished;
        while (execution.record.status !== 'SUCCEEDED') {
          execution.redrive();
          await execution.finished;
        }
        await machines.halt();
        rmSync(folder, { recursive: true });

        expect(execution.record.output).toEqual(await withoutFailure(given));
      },
    ),
    { numRuns: 40 },
  );
});
