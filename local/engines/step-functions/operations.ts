/** Step Functions' API over the state machines of the template. They are made by deployment only. */
import {
  AwsError,
  type Input,
  type Operation,
  type Operations,
  optionalInteger,
  optionalString,
  requiredString,
} from '../aws-json.ts';
import { describeExecution, describeMachine, describeMapRun, redriveStatusOf } from './descriptions.ts';
import type { Execution } from './execution.ts';
import type { Json } from './json.ts';
import type { StateMachine, StateMachines } from './state-machines.ts';

const PAGE_MAX = 1_000;
const PAGE_DEFAULT = 100;

export function stepFunctionsOperations(machines: StateMachines): Operations {
  const execution = (input: Input) => standardExecution(machines, requiredString(input, 'executionArn'));
  return new Map<string, Operation>([
    ['ListStateMachines', (input) => page(input, 'stateMachines', machines.list().map(summaryOf))],
    ['DescribeStateMachine', (input) => describeMachine(machines.find(requiredString(input, 'stateMachineArn')))],
    ['StartExecution', (input) => startExecution(machines, input)],
    ['StartSyncExecution', (input) => startSyncExecution(machines, input)],
    ['DescribeExecution', (input) => describeExecution(execution(input).record)],
    ['DescribeStateMachineForExecution', (input) => describeMachineOf(execution(input))],
    ['ListExecutions', (input) => listExecutions(machines, input)],
    ['GetExecutionHistory', (input) => history(execution(input), input)],
    ['StopExecution', (input) => stopExecution(execution(input), input)],
    ['RedriveExecution', (input) => redriveExecution(execution(input))],
    ['DescribeMapRun', (input) => describeMapRun(machines.findMapRun(requiredString(input, 'mapRunArn')))],
    ['ListMapRuns', (input) => listMapRuns(machines, input)],
  ]);
}

const summaryOf = ({ arn, name, type, createdAt }: StateMachine) => ({
  stateMachineArn: arn,
  name,
  type,
  creationDate: createdAt / 1000,
});

function standardExecution(machines: StateMachines, arn: string): Execution {
  const execution = machines.findExecution(arn);
  const { type, mapRunArn } = execution.record;
  if (type === 'STANDARD' || mapRunArn !== undefined) return execution;
  throw new AwsError('InvalidArn', `Invalid Arn: an express execution is not looked up: '${arn}'`);
}

function inputOf(input: Input): Json {
  try {
    return JSON.parse(optionalString(input, 'input') ?? '{}') as Json;
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`);
  }
}

function startExecution(machines: StateMachines, input: Input): object {
  const machine = machines.find(requiredString(input, 'stateMachineArn'));
  const { arn, startedAt } = machines.start(machine, inputOf(input), optionalString(input, 'name')).record;
  return { executionArn: arn, startDate: startedAt / 1000 };
}

async function startSyncExecution(machines: StateMachines, input: Input): Promise<object> {
  const machine = machines.find(requiredString(input, 'stateMachineArn'));
  if (machine.type !== 'EXPRESS') {
    const message = 'This operation is not supported by this type of state machine';
    throw new AwsError('StateMachineTypeNotSupported', message);
  }
  const execution = machines.start(machine, inputOf(input), optionalString(input, 'name'));
  await execution.finished;
  const {
    redriveCount: _count,
    redriveStatus: _status,
    redriveStatusReason: _reason,
    ...described
  } = describeExecution(execution.record) as Record<string, unknown>;
  return described;
}

function describeMachineOf({ record }: Execution): object {
  const { machineArn, machineName, definition, roleArn, startedAt, mapRunArn } = record;
  const described = {
    stateMachineArn: machineArn,
    name: machineName,
    definition: JSON.stringify(definition),
    roleArn,
    updateDate: startedAt / 1000,
  };
  return { ...described, ...(mapRunArn !== undefined && { mapRunArn }) };
}

function listExecutions(machines: StateMachines, input: Input): object {
  const stateMachineArn = optionalString(input, 'stateMachineArn');
  const mapRunArn = optionalString(input, 'mapRunArn');
  if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
    throw new AwsError('ValidationException', 'ListExecutions takes either stateMachineArn or mapRunArn');
  }
  if (mapRunArn !== undefined) machines.findMapRun(mapRunArn);
  else if (machines.find(stateMachineArn ?? '').type === 'EXPRESS') {
    throw new AwsError('StateMachineTypeNotSupported', 'Express executions are not listed');
  }
  const status = optionalString(input, 'statusFilter');
  const redriven = optionalString(input, 'redriveFilter');
  const found = machines
    .executions()
    .map(({ record }) => record)
    .filter((record) =>
      mapRunArn === undefined ? record.machineArn === stateMachineArn : record.mapRunArn === mapRunArn,
    )
    .filter((record) => status === undefined || record.status === status)
    .filter(({ redriveCount }) => redriven === undefined || (redriven === 'REDRIVEN') === redriveCount > 0)
    .reverse();
  return page(input, 'executions', found.map(executionSummary));
}

function executionSummary(record: Execution['record']): object {
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: record.startedAt / 1000,
    ...(record.stoppedAt !== undefined && { stopDate: record.stoppedAt / 1000 }),
    ...(record.mapRunArn !== undefined && { mapRunArn: record.mapRunArn, itemCount: record.itemCount }),
    redriveCount: record.redriveCount,
    ...(record.redrivenAt !== undefined && { redriveDate: record.redrivenAt / 1000 }),
  };
}

function history({ record }: Execution, input: Input): object {
  const events = input.reverseOrder === true ? [...record.events].reverse() : record.events;
  return page(input, 'events', input.includeExecutionData === false ? events.map(withoutData) : events);
}

function withoutData(event: object): object {
  const hidden = new Set(['input', 'output']);
  return JSON.parse(JSON.stringify(event), (name, value) => (hidden.has(name) ? undefined : value)) as object;
}

async function stopExecution(execution: Execution, input: Input): Promise<object> {
  const { record } = execution;
  if (record.type === 'EXPRESS') {
    throw new AwsError('ValidationException', 'This operation is not supported by express executions');
  }
  const [error, cause] = [optionalString(input, 'error'), optionalString(input, 'cause')];
  await execution.stop({ status: 'ABORTED', error, cause });
  return { stopDate: (record.stoppedAt ?? 0) / 1000 };
}

function redriveExecution(execution: Execution): object {
  const { record } = execution;
  const { redriveStatus, redriveStatusReason } = redriveStatusOf(record);
  if (redriveStatus !== 'REDRIVABLE')
    throw new AwsError('ExecutionNotRedrivable', redriveStatusReason ?? 'It is redriven with its Map Run.');
  execution.redrive();
  return { redriveDate: (record.redrivenAt ?? 0) / 1000 };
}

function listMapRuns(machines: StateMachines, input: Input): object {
  const executionArn = requiredString(input, 'executionArn');
  machines.findExecution(executionArn);
  const runs = machines
    .mapRuns()
    .map(({ record }) => record)
    .filter((record) => record.executionArn === executionArn)
    .reverse();
  return page(
    input,
    'mapRuns',
    runs.map((run) => ({
      executionArn,
      mapRunArn: run.arn,
      stateMachineArn: run.parentMachineArn,
      startDate: run.startedAt / 1000,
      ...(run.stoppedAt !== undefined && { stopDate: run.stoppedAt / 1000 }),
    })),
  );
}

/** The token is where the next page begins. */
function page(input: Input, name: string, all: readonly object[]): object {
  const size = Math.min(optionalInteger(input, 'maxResults') || PAGE_DEFAULT, PAGE_MAX);
  const token = optionalString(input, 'nextToken');
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from)) throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
  const next = from + size;
  return { [name]: all.slice(from, next), ...(next < all.length && { nextToken: String(next) }) };
}
