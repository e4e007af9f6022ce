// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the notation of a template string.
/** What a template means: intrinsic functions, references across stacks, and errors by name for what isn't known. */
import { expect, test } from 'vitest';
import type { Assembly, Template } from '#local/template/assembly.ts';
import { type Declaration, deploy, type Properties, type ResourceTypes } from '#local/template/deployment.ts';

interface Seen {
  readonly declaration: Declaration;
  readonly properties: Properties;
}

/** Deploys templates whose only types are a thing, which takes any `Value`, and an ignored one. */
async function deployThings(...templates: Partial<Template>[]): Promise<ReadonlyMap<string, unknown>> {
  const seen: Seen[] = [];
  const types: ResourceTypes = {
    supported: new Map([
      [
        'Test::Thing',
        {
          properties: { Value: true, Nested: { Known: true, Left: 'not needed here' }, DependsOnMe: true },
          deploy: (declaration, properties) => {
            seen.push({ declaration, properties });
            return { ref: `ref-of-${declaration.logicalId}`, attributes: { Arn: `arn-of-${declaration.logicalId}` } };
          },
        },
      ],
    ]),
    ignoredBecause: (type) => (type === 'Test::Ignored' ? 'for the test' : undefined),
  };
  const stacks = templates.map((template, index) => ({
    name: `stack${index + 1}`,
    template: { Resources: {}, ...template } as Template,
  }));
  const assembly: Assembly = { stacks, assets: new Map() };
  await deploy(assembly, types, () => '{"password":"secret"}');
  return new Map(seen.map(({ declaration, properties }) => [declaration.logicalId, properties.Value]));
}

const thing = (Value: unknown, more: object = {}) => ({ Type: 'Test::Thing', Properties: { Value }, ...more });
const resolved = async (Value: unknown, template: Partial<Template> = {}) =>
  (await deployThings({ ...template, Resources: { Other: thing(1), Thing: thing(Value), ...template.Resources } })).get(
    'Thing',
  );

const Conditions = {
  Yes: { 'Fn::Equals': ['a', 'a'] },
  No: { 'Fn::Not': [{ Condition: 'Yes' }] },
  Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
  Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
};

test.each<[string, unknown, unknown]>([
  ['Ref of a resource', { Ref: 'Other' }, 'ref-of-Other'],
  ['Ref of a parameter', { Ref: 'Stage' }, 'dev'],
  ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['GetAtt', { 'Fn::GetAtt': ['Other', 'Arn'] }, 'arn-of-Other'],
  ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Other' }]] }, 'a-ref-of-Other'],
  [
    'Sub',
    { 'Fn::Sub': '${Other}/${Other.Arn}/${AWS::AccountId}/${!Kept}' },
    'ref-of-Other/arn-of-Other/000000000000/${Kept}',
  ],
  ['Sub with variables', { 'Fn::Sub': ['${X}', { X: { Ref: 'Other' } }] }, 'ref-of-Other'],
  ['If', { 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
  ['If on And', { 'Fn::If': ['Both', 'then', 'else'] }, 'else'],
  ['If on Or', { 'Fn::If': ['Either', 'then', 'else'] }, 'then'],
  ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'dev', 'memory'] }, 128],
  [
    'a secret',
    '{{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:0:secret:x:SecretString:password}}',
    'secret',
  ],
  ['NoValue in a list', [1, { Ref: 'AWS::NoValue' }, 2], [1, 2]],
  ['NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
])('%s is resolved', async (_, value, expected) => {
  const Parameters = { Stage: { Type: 'String', Default: 'dev' } };
  const Mappings = { Sizes: { dev: { memory: 128 } } };

  expect(await resolved(value, { Conditions, Parameters, Mappings })).toEqual(expected);
});

test('one stack imports what another exports', async () => {
  const Outputs = { Out: { Value: { 'Fn::GetAtt': ['Other', 'Arn'] }, Export: { Name: 'exported' } } };

  const values = await deployThings(
    { Resources: { Other: thing(1) }, Outputs },
    { Resources: { Importer: thing({ 'Fn::ImportValue': 'exported' }) } },
  );

  expect(values.get('Importer')).toBe('arn-of-Other');
});

test('a resource whose condition does not hold is not there', async () => {
  const values = await deployThings({
    Conditions,
    Resources: { Here: thing(1, { Condition: 'Yes' }), Gone: thing(2, { Condition: 'No' }) },
  });

  expect([...values.keys()]).toEqual(['Here']);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    'resource type',
    { Machine: { Type: 'AWS::StepFunctions::StateMachine' } },
    /Machine \(AWS::StepFunctions::StateMachine\)/,
  ],
  ['property', { Thing: thing(1, { Properties: { Valu: 1 } }) }, /Thing \(Test::Thing\)\.Valu/],
  ['nested property', { Thing: thing(1, { Properties: { Nested: [{ Known: 1, Unknown: 1 }] } }) }, /Nested\.Unknown/],
  ['intrinsic function', { Thing: thing({ 'Fn::Cidr': ['10.0.0.0/8'] }) }, /Fn::Cidr/],
  ['reference', { Thing: thing({ Ref: 'Nobody' }) }, /Thing.*Nobody/],
  ['attribute', { Other: thing(1), Thing: thing({ 'Fn::GetAtt': ['Other', 'Size'] }) }, /attribute Size of Other/],
  ['import', { Thing: thing({ 'Fn::ImportValue': 'nothing' }) }, /exports nothing/],
  ['dynamic reference', { Thing: thing('{{resolve:ssm:/parameter}}') }, /resolve:ssm:\/parameter/],
])('an unknown %s is an error by name', async (_, Resources, message) => {
  await expect(deployThings({ Resources: Resources as Template['Resources'] })).rejects.toThrow(message);
});

test('what is ignored knowingly is passed over, and may be referred to', async () => {
  const Resources = { Role: { Type: 'Test::Ignored', Properties: { Anything: 1 } }, Thing: thing({ Ref: 'Role' }) };

  expect((await deployThings({ Resources })).get('Thing')).toBe('stack1-Role');
});

test('resources that refer to each other in a circle are an error, not a wait', async () => {
  const Resources = { One: thing({ Ref: 'Two' }), Two: thing({ Ref: 'One' }) };

  await expect(deployThings({ Resources })).rejects.toThrow(/circle: One → Two/);
});
