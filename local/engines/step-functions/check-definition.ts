/**
 * What of a definition can't be run, told when it is deployed: against the published grammar, and against what the
 * interpreter knows. Each problem names its state and its field.
 */
import validate from 'asl-validator';
import type {
  Catcher,
  ChoiceRule,
  Definition,
  MachineType,
  MapState,
  ParallelState,
  State,
  StateGraph,
} from './definition.ts';
import { compile, isExpression } from './expression.ts';
import { isObject } from './json.ts';
import {
  BATCHER_FIELDS,
  BRANCH_FIELDS,
  CATCH_FIELDS,
  CHOICE_FIELDS,
  DISTRIBUTED_FIELDS,
  INVOKE_ARGUMENTS,
  MACHINE_FIELDS,
  PROCESSOR_CONFIG_FIELDS,
  PROCESSOR_FIELDS,
  RETRY_FIELDS,
  STATE_FIELDS,
} from './known-fields.ts';
import { isFunctionArn, isInvokeIntegration } from './states/task.ts';

export interface CheckPorts {
  hasFunction(nameOrArn: string): boolean;
}

export function checkDefinition(definition: unknown, type: MachineType, ports: CheckPorts): readonly string[] {
  if (!isObject(definition)) return ['a definition is a JSON object'];
  const { isValid, errors } = validate(skeleton(definition) as object);
  const problems = unknownFields('the state machine', definition, MACHINE_FIELDS);
  const checker = new Checker(ports, type, (definition as { QueryLanguage?: string }).QueryLanguage);
  if (isObject(definition.States)) problems.push(...checker.graph(definition as unknown as Definition, []));
  // What is named by state and field says more than the grammar does.
  if (problems.length > 0 || isValid) return problems;
  return errors.map(grammarProblem);
}

function grammarProblem({
  Message,
  message,
  instancePath = '',
}: ReturnType<typeof validate>['errors'][number]): string {
  return `${instancePath} ${Message ?? message ?? 'is not as the grammar has it'}`.trim();
}

/** Any JSON may be handed on, and an expression may have lines; the validator's own idea of both is narrower. */
const TEMPLATES = new Set(['Output', 'Arguments', 'ItemSelector', 'BatchInput']);

/** A copy, since the validator writes into what it is given, with what the checker looks at itself made trivial. */
function skeleton(value: unknown): unknown {
  if (isExpression(value)) return '{% 1 %}';
  if (Array.isArray(value)) return value.map(skeleton);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'States' && isObject(inner)) return [name, eachState(inner)];
      if (TEMPLATES.has(name) || (name === 'Assign' && isObject(inner))) return [name, {}];
      return [name, skeleton(inner)];
    }),
  );
}

/** States have names of their own, `Output` perhaps. */
function eachState(states: object): object {
  return Object.fromEntries(Object.entries(states).map(([name, state]) => [name, skeleton(state)]));
}

function unknownFields(place: string, value: object, known: readonly string[]): string[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => `${place}: the local runner doesn't know the field ${name}`);
}

class Checker {
  readonly #ports: CheckPorts;
  readonly #type: MachineType;
  readonly #language: string | undefined;

  constructor(ports: CheckPorts, type: MachineType, language: string | undefined) {
    this.#ports = ports;
    this.#type = type;
    this.#language = language;
  }

  /** `outer`: variables of the walks around this one, which are read only in it. */
  graph({ States }: StateGraph, outer: readonly string[]): string[] {
    const assigned = Object.values(States).flatMap(assignedBy);
    const clashes = assigned
      .filter((name) => outer.includes(name))
      .map((name) => `variable ${name}: a state around this one assigns it, so it can't be assigned here`);
    const visible = [...outer, ...assigned];
    return [...clashes, ...Object.entries(States).flatMap(([name, state]) => this.#state(name, state, visible))];
  }

  #state(name: string, state: State, variables: readonly string[]): string[] {
    const place = `state ${name}`;
    const fields = STATE_FIELDS.get(state.Type);
    if (!fields) return [`${place}: the local runner doesn't know the type ${state.Type}`];
    const language = (state as { QueryLanguage?: string }).QueryLanguage ?? this.#language ?? 'JSONPath';
    if (language !== 'JSONata') {
      return [`${place}: QueryLanguage is ${language}, and the local runner evaluates JSONata only`];
    }
    const problems = unknownFields(place, state, fields);
    problems.push(...this.#expressions(place, state), ...this.#recovery(place, state));
    if (state.Type === 'Task') problems.push(...this.#task(place, state.Resource, state.Arguments));
    if (state.Type === 'Parallel') problems.push(...this.#parallel(place, state, variables));
    if (state.Type === 'Map') problems.push(...this.#map(place, state, variables));
    return problems;
  }

  #recovery(place: string, state: State): string[] {
    const {
      Retry = [],
      Catch = [],
      Choices = [],
    } = state as { Retry?: object[]; Catch?: object[]; Choices?: object[] };
    return [
      ...Retry.flatMap((retrier, n) => unknownFields(`${place}, Retry[${n}]`, retrier, RETRY_FIELDS)),
      ...Catch.flatMap((catcher, n) => unknownFields(`${place}, Catch[${n}]`, catcher, CATCH_FIELDS)),
      ...Choices.flatMap((rule, n) => unknownFields(`${place}, Choices[${n}]`, rule, CHOICE_FIELDS)),
    ];
  }

  #task(place: string, resource: unknown, given: unknown): string[] {
    if (typeof resource !== 'string') return [`${place}: Resource must be an ARN`];
    if (isFunctionArn(resource)) return this.#function(place, 'Resource', resource);
    if (!isInvokeIntegration(resource)) return [`${place}: the local runner can't run the Resource ${resource}`];
    if (!isObject(given)) return isExpression(given) ? [] : [`${place}: Arguments must hold FunctionName`];
    const { FunctionName: name } = given;
    if (name === undefined) return [`${place}: Arguments must hold FunctionName`];
    const problems = unknownFields(`${place}, Arguments`, given, INVOKE_ARGUMENTS);
    return isExpression(name) ? problems : [...problems, ...this.#function(place, 'FunctionName', String(name))];
  }

  #function(place: string, field: string, name: string): string[] {
    if (this.#ports.hasFunction(name)) return [];
    return [`${place}: ${field} ${name} is no function of the template, and the local runner knows no others`];
  }

  #parallel(place: string, { Branches }: ParallelState, variables: readonly string[]): string[] {
    return Branches.flatMap((branch, n) => [
      ...unknownFields(`${place}, Branches[${n}]`, branch, BRANCH_FIELDS),
      ...this.graph(branch, variables),
    ]);
  }

  #map(place: string, state: MapState, variables: readonly string[]): string[] {
    const { ItemProcessor: processor, ItemBatcher = {} } = state;
    if (!isObject(processor)) return [`${place}: ItemProcessor is missing`];
    const config = processor.ProcessorConfig ?? {};
    const isDistributed = config.Mode === 'DISTRIBUTED';
    const misplaced = isDistributed ? [] : DISTRIBUTED_FIELDS.filter((field) => field in state);
    const problems = misplaced.map((field) => `${place}: ${field} is for a Map whose Mode is DISTRIBUTED`);
    if (isDistributed && this.#type === 'EXPRESS') {
      problems.push(`${place}: an express state machine has no Map whose Mode is DISTRIBUTED`);
    }
    return [
      ...problems,
      ...unknownFields(`${place}, ItemProcessor`, processor, PROCESSOR_FIELDS),
      ...unknownFields(`${place}, ProcessorConfig`, config, PROCESSOR_CONFIG_FIELDS),
      ...unknownFields(`${place}, ItemBatcher`, ItemBatcher, BATCHER_FIELDS),
      // The executions of a distributed Map see nothing of their parent's variables.
      ...this.graph(processor, isDistributed ? [] : variables),
    ];
  }

  /** Of the state itself; what is inside Branches and ItemProcessor has its own turn. */
  #expressions(place: string, state: State): string[] {
    const { Branches: _branches, ItemProcessor: _processor, ...own } = state as unknown as Record<string, unknown>;
    const problems: string[] = [];
    const visit = (value: unknown, field: string) => {
      if (isExpression(value)) problems.push(...syntaxProblems(`${place}, ${field}`, value));
      else if (typeof value === 'object' && value !== null) {
        for (const [name, inner] of Object.entries(value)) visit(inner, field === '' ? name : `${field}/${name}`);
      }
    };
    visit(own, '');
    return problems;
  }
}

function syntaxProblems(place: string, text: string): string[] {
  try {
    compile(text);
    return [];
  } catch (error) {
    const { code = '', message = '' } = error as { code?: string; message?: string };
    return [`${place}: ${text} is no JSONata: ${code} ${message}`];
  }
}

/** Names that a state may assign, in whatever branch of its own fields. */
function assignedBy(state: State): string[] {
  const { Choices = [], Catch = [] } = state as { Choices?: readonly ChoiceRule[]; Catch?: readonly Catcher[] };
  return [state, ...Choices, ...Catch].flatMap(({ Assign = {} }) => Object.keys(Assign));
}
