/** EventBridge Scheduler's REST protocol: names in the path, JSON in bodies, the error's name in a header. */
import { AwsError, type Input } from '../aws-json.ts';
import type { Answer, EngineRequest, EngineResponse } from '../listener.ts';
import type { Schedule } from './schedule.ts';
import type { ScheduleGroup, Scheduler } from './scheduler.ts';

interface Call {
  /** From the path. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Input;
}

type Behaviour = (scheduler: Scheduler, call: Call) => object;

const PAGE_MAX = 100;

/** By method and first part of the path; with a star where a name follows. */
const OPERATIONS: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  ['POST /schedules/*', (scheduler, { name, body }) => ({ ScheduleArn: scheduler.create(name, body).Arn })],
  ['PUT /schedules/*', (scheduler, { name, body }) => ({ ScheduleArn: scheduler.update(name, body).Arn })],
  ['GET /schedules/*', (scheduler, { name, query }) => scheduler.find(name, query.get('groupName') ?? undefined)],
  [
    'DELETE /schedules/*',
    (scheduler, { name, query }) => {
      scheduler.delete(name, query.get('groupName') ?? undefined);
      return {};
    },
  ],
  ['GET /schedules', listSchedules],
  ['POST /schedule-groups/*', (scheduler, { name }) => ({ ScheduleGroupArn: scheduler.createGroup(name).Arn })],
  ['GET /schedule-groups/*', (scheduler, { name }) => scheduler.group(name)],
  [
    'DELETE /schedule-groups/*',
    (scheduler, { name }) => {
      scheduler.deleteGroup(name);
      return {};
    },
  ],
  ['GET /schedule-groups', listGroups],
]);

export function schedulerServer(scheduler: Scheduler): Answer {
  return (request) => {
    try {
      return json(200, answer(scheduler, request));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return json(error.status, { Message: error.message }, { 'x-amzn-errortype': error.type });
    }
  };
}

function answer(scheduler: Scheduler, { method, url, body }: EngineRequest): object {
  const { pathname, searchParams } = new URL(url, 'http://local');
  const [, collection = '', name] = pathname.split('/');
  const operation = OPERATIONS.get(`${method} /${collection}${name === undefined ? '' : '/*'}`);
  if (!operation) {
    throw new AwsError('UnknownOperationException', `the local scheduler has no operation ${method} ${pathname}`, 404);
  }
  const parsed = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Input);
  return operation(scheduler, { name: decodeURIComponent(name ?? ''), query: searchParams, body: parsed });
}

function json(status: number, body: object, headers = {}): EngineResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function listSchedules(scheduler: Scheduler, { query }: Call): object {
  const group = query.get('ScheduleGroup');
  const state = query.get('State');
  const found = scheduler
    .list()
    .filter(({ GroupName }) => group === null || GroupName === group)
    .filter(({ State }) => state === null || State === state);
  return page('Schedules', query, found.map(summaryOf));
}

function summaryOf({ Arn, Name, GroupName, State, Target, CreationDate, LastModificationDate }: Schedule) {
  return { Arn, Name, GroupName, State, Target: { Arn: Target.Arn }, CreationDate, LastModificationDate };
}

function listGroups(scheduler: Scheduler, { query }: Call): object {
  return page('ScheduleGroups', query, scheduler.groups());
}

/** The token is where the next page begins. */
function page(
  name: string,
  query: URLSearchParams,
  all: readonly (ScheduleGroup | { readonly Name: string })[],
): object {
  const prefix = query.get('NamePrefix') ?? '';
  const matching = all.filter((one) => one.Name.startsWith(prefix));
  const size = Math.min(Number(query.get('MaxResults') ?? PAGE_MAX), PAGE_MAX);
  const from = Number(query.get('NextToken') ?? 0);
  const next = from + size;
  return { [name]: matching.slice(from, next), ...(next < matching.length && { NextToken: String(next) }) };
}
