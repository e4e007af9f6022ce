// biome-ignore-all lint/suspicious/noTemplateCurlyInString: substitutions have the notation of a template string.
/** What of a definition can't be run stops the start, by the names of state and field. */
import { expect, test } from 'vitest';
import { deployMachine, functionArn, graph, invoke, outputOf } from './support/state-machine.ts';

const pass = { Type: 'Pass', End: true };
const map = (more: object) => ({
  Type: 'Map',
  ItemProcessor: { ...graph({ Each: pass }), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
  End: true,
  ...more,
});

test.each<[string, object, RegExp]>([
  ['a field', graph({ A: { ...pass, Credentials: {} } }), /stack\.Subject .*state A: .* the field Credentials/],
  ['a field of the machine', { ...graph({ A: pass }), ProcessorConfig: {} }, /state machine: .*ProcessorConfig/],
  ['a type', graph({ A: { Type: 'Dance', End: true } }), /state A: .* type Dance/],
  ['JSONPath', { ...graph({ A: pass }), QueryLanguage: 'JSONPath' }, /state A: QueryLanguage is JSONPath/],
  ['a field of JSONPath', graph({ A: { ...pass, ResultPath: '$.a' } }), /state A: .* the field ResultPath/],
  ['a reader', graph({ A: map({ ItemReader: {} }) }), /state A: .*ItemReader/],
  ['a writer', graph({ A: map({ ResultWriter: {} }) }), /state A: .*ResultWriter/],
  [
    'an integration',
    graph({ A: { ...invoke('f'), Resource: 'arn:aws:states:::aws-sdk:dynamodb:getItem' } }),
    /state A: .*aws-sdk:dynamodb:getItem/,
  ],
  [
    'a callback',
    graph({ A: { ...invoke('f'), Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' } }),
    /state A: .*waitForTaskToken/,
  ],
  ['a heartbeat', graph({ A: invoke('f', { HeartbeatSeconds: 1 }) }), /state A: .*HeartbeatSeconds/],
  ['a function', graph({ A: invoke('nobody') }), /state A: FunctionName .*:nobody is no function of the template/],
  [
    'an argument',
    graph({ A: invoke('f', { Arguments: { FunctionName: functionArn('f'), InvocationType: 'Event' } }) }),
    /state A, Arguments: .*InvocationType/,
  ],
  [
    'a retrier',
    graph({ A: invoke('f', { Retry: [{ ErrorEquals: ['States.ALL'], Forever: true }] }) }),
    /state A, Retry\[0\]: .*Forever/,
  ],
  [
    'a catcher',
    graph({ A: invoke('f', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'A', ResultPath: '$' }] }) }),
    /Catch\[0\]: .*ResultPath/,
  ],
  [
    'a mode',
    graph({ A: { ...map({ Label: 'a' }), ItemProcessor: graph({ Each: pass }) } }),
    /state A: Label is for a Map whose Mode is DISTRIBUTED/,
  ],
  ['syntax', graph({ A: { ...pass, Output: { b: '{% 1 + %}' } } }), /state A, Output\/b: .* is no JSONata: S0207/],
  [
    'inside a map',
    graph({ A: { Type: 'Map', ItemProcessor: graph({ Each: { ...pass, Parameters: {} } }), End: true } }),
    /state Each: .*Parameters/,
  ],
  [
    'inside a branch',
    graph({ A: { Type: 'Parallel', Branches: [graph({ Each: { ...pass, Result: {} } })], End: true } }),
    /state Each: .*Result/,
  ],
  [
    'a clash',
    graph({
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'B' },
      B: { Type: 'Parallel', Branches: [graph({ C: { ...pass, Assign: { x: 2 } } })], End: true },
    }),
    /variable x: .* can't be assigned here/,
  ],
  ['a missing target', graph({ A: { Type: 'Pass', Next: 'Nowhere' } }), /Nowhere/],
  ['no end', graph({ A: { Type: 'Pass' } }), /End|Next/],
  ['an unreachable start', { StartAt: 'B', States: { A: pass } }, /B|StartAt/],
])('%s that can not be run is told', async (_, definition, message) => {
  await expect(deployMachine(definition, { f: () => 1 })).rejects.toThrow(message);
});

test('an express state machine with a distributed map is told', async () => {
  await expect(deployMachine(graph({ A: map({}) }), {}, { StateMachineType: 'EXPRESS' })).rejects.toThrow(/express/);
});

test('substitutions and intrinsic functions make the definition', async () => {
  const DefinitionString = {
    'Fn::Join': [
      '',
      [
        '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":["${One}","',
        { Ref: 'AWS::Region' },
        '"],"End":true}}}',
      ],
    ],
  };

  const { run } = await deployMachine({}, {}, { DefinitionString, DefinitionSubstitutions: { One: 'say "one"' } });

  expect(outputOf(await run())).toEqual(['say "one"', 'us-east-1']);
});
