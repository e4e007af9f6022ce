/**
 * Brings the resources of a cloud assembly up, each when something refers to it or its turn comes, and answers what
 * `Ref` and `Fn::GetAtt` of them are. What the table of resource types doesn't know is an error by name.
 */
import { ACCOUNT, PARTITION, REGION } from '../aws-account.ts';
import type { Assembly, StackTemplate, TemplateResource } from './assembly.ts';
import { evaluateCondition, NO_VALUE, resolve, type Scope } from './intrinsics.ts';
import { type PropertyRules, unknownProperties } from './properties.ts';

export type Properties = Readonly<Record<string, unknown>>;

export interface Deployed {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface Declaration {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
}

/** A type that runs here. `deploy` gets its properties with every intrinsic function resolved. */
export interface ResourceType {
  readonly properties: PropertyRules;
  deploy(declaration: Declaration, properties: Properties): Deployed | Promise<Deployed>;
}

export interface ResourceTypes {
  readonly supported: ReadonlyMap<string, ResourceType>;
  /** Why a type is left out, or `undefined` if it isn't known at all. */
  ignoredBecause(type: string): string | undefined;
}

export interface Deployment {
  /** Outputs of all stacks, as `stack.output`. */
  readonly outputs: ReadonlyMap<string, unknown>;
}

export async function deploy(assembly: Assembly, types: ResourceTypes, secret: SecretLookup): Promise<Deployment> {
  const exports = new Map<string, unknown>();
  const outputs = new Map<string, unknown>();
  for (const stack of assembly.stacks) {
    const deploying = new StackDeployment(stack, { types, exports, secret });
    await deploying.run();
    for (const [name, value] of await deploying.outputs()) outputs.set(`${stack.name}.${name}`, value);
  }
  return { outputs };
}

export type SecretLookup = (idOrArn: string) => string;

interface Surroundings {
  readonly types: ResourceTypes;
  readonly exports: Map<string, unknown>;
  readonly secret: SecretLookup;
}

class StackDeployment {
  readonly #stack: StackTemplate;
  readonly #surroundings: Surroundings;
  readonly #deployed = new Map<string, Promise<Deployed>>();

  constructor(stack: StackTemplate, surroundings: Surroundings) {
    this.#stack = stack;
    this.#surroundings = surroundings;
  }

  async run(): Promise<void> {
    for (const logicalId of Object.keys(this.#stack.template.Resources)) {
      if (await this.#exists(logicalId)) await this.#resource(logicalId, []);
    }
  }

  async outputs(): Promise<readonly (readonly [string, unknown])[]> {
    const found: (readonly [string, unknown])[] = [];
    for (const [name, { Value, Export }] of Object.entries(this.#stack.template.Outputs ?? {})) {
      const scope = this.#scope(`${this.#stack.name}.Outputs.${name}`, []);
      const value = await resolve(Value, scope);
      found.push([name, value]);
      if (Export) this.#surroundings.exports.set(String(await resolve(Export.Name, scope)), value);
    }
    return found;
  }

  async #exists(logicalId: string): Promise<boolean> {
    const { Condition } = this.#stack.template.Resources[logicalId] as TemplateResource;
    return Condition === undefined || this.#scope(logicalId, []).condition(Condition);
  }

  #resource(logicalId: string, trail: readonly string[]): Promise<Deployed> {
    if (trail.includes(logicalId)) {
      throw new Error(`${this.#stack.name}: resources refer to each other in a circle: ${trail.join(' → ')}`);
    }
    const running = this.#deployed.get(logicalId) ?? this.#deployOne(logicalId, [...trail, logicalId]);
    this.#deployed.set(logicalId, running);
    return running;
  }

  async #deployOne(logicalId: string, trail: readonly string[]): Promise<Deployed> {
    const declaration = this.#stack.template.Resources[logicalId] as TemplateResource;
    const { Type: type, Properties: properties = {}, DependsOn = [] } = declaration;
    const { supported, ignoredBecause } = this.#surroundings.types;
    const place = `${this.#stack.name}.${logicalId} (${type})`;
    const resourceType = supported.get(type);
    if (!resourceType) {
      if (ignoredBecause(type) === undefined) {
        throw new Error(`${place}: the local runner can't run this resource type`);
      }
      return ignored(this.#stack.name, logicalId);
    }
    const strangers = unknownProperties(properties, { place, rules: resourceType.properties });
    if (strangers.length > 0)
      throw new Error(`the local runner doesn't know these properties: ${strangers.join(', ')}`);
    for (const dependency of [DependsOn].flat()) await this.#resource(dependency, trail);
    const resolved = (await resolve(properties, this.#scope(place, trail))) as Properties;
    return resourceType.deploy({ stackName: this.#stack.name, logicalId, type }, resolved);
  }

  #scope(place: string, trail: readonly string[]): Scope {
    const { template, name: stackName } = this.#stack;
    return {
      place,
      ref: (name) => this.#ref(name, place, trail),
      attribute: async (resource, attribute) => {
        if (!template.Resources[resource]) throw new Error(`${place}: there is no resource ${resource}`);
        const { attributes = {} } = await this.#resource(resource, trail);
        if (Object.hasOwn(attributes, attribute)) return attributes[attribute];
        throw new Error(`${place}: the local runner doesn't know attribute ${attribute} of ${resource}`);
      },
      condition: (name) => this.#condition(name, place),
      mapping: (map, first, second) => {
        const value = template.Mappings?.[map]?.[first]?.[second];
        if (value === undefined) throw new Error(`${place}: there is no mapping ${map}.${first}.${second}`);
        return value;
      },
      importValue: async (name) => {
        if (this.#surroundings.exports.has(name)) return this.#surroundings.exports.get(name);
        throw new Error(`${place}: no stack before ${stackName} exports ${name}`);
      },
      dynamicReference: async (reference) => this.#dynamicReference(reference, place),
    };
  }

  async #ref(name: string, place: string, trail: readonly string[]): Promise<unknown> {
    const pseudo = this.#pseudoParameters().get(name);
    if (pseudo !== undefined) return pseudo;
    const parameter = this.#stack.template.Parameters?.[name];
    if (parameter) return parameterDefault(parameter, `${place}: parameter ${name}`);
    if (!this.#stack.template.Resources[name]) throw new Error(`${place}: there is no resource or parameter ${name}`);
    return (await this.#resource(name, trail)).ref;
  }

  #pseudoParameters(): ReadonlyMap<string, unknown> {
    const stackName = this.#stack.name;
    return new Map<string, unknown>([
      ['AWS::AccountId', ACCOUNT],
      ['AWS::NoValue', NO_VALUE],
      ['AWS::NotificationARNs', []],
      ['AWS::Partition', PARTITION],
      ['AWS::Region', REGION],
      ['AWS::StackId', `arn:${PARTITION}:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/local`],
      ['AWS::StackName', stackName],
      ['AWS::URLSuffix', 'amazonaws.com'],
    ]);
  }

  async #condition(name: string, place: string): Promise<boolean> {
    const condition = this.#stack.template.Conditions?.[name];
    if (condition === undefined) throw new Error(`${place}: there is no condition ${name}`);
    return evaluateCondition(condition, this.#scope(`${this.#stack.name}.Conditions.${name}`, []));
  }

  #dynamicReference(reference: string, place: string): string {
    const match =
      /^resolve:secretsmanager:(arn:(?:[^:]+:){4}secret:[^:]+|[^:]+)(?::SecretString(?::([^:]*))?.*)?$/.exec(reference);
    if (!match) throw new Error(`${place}: the local runner can't resolve {{${reference}}}`);
    const [, id = '', key = ''] = match;
    const value = this.#surroundings.secret(id);
    return key === '' ? value : String((JSON.parse(value) as Properties)[key]);
  }
}

/** What refers to an ignored resource gets names that nothing here reads. */
function ignored(stackName: string, logicalId: string): Deployed {
  const name = `${stackName}-${logicalId}`;
  return { ref: name, attributes: { Arn: `arn:${PARTITION}:ignored:${REGION}:${ACCOUNT}:${name}` } };
}

function parameterDefault({ Type, Default }: { Type: string; Default?: unknown }, place: string): unknown {
  if (Default === undefined) throw new Error(`${place} has no default, and a local start gives none`);
  if (Type.startsWith('AWS::SSM::')) throw new Error(`${place} is read from SSM, which the local runner doesn't have`);
  return Default;
}
