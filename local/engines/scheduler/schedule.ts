/** A schedule, and what of one is taken. */
import { AwsError, type Input } from '../aws-json.ts';
import { type Occurrences, occurrences } from './occurrences.ts';

export interface Target {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly RetryPolicy?: object;
  readonly DeadLetterConfig?: object;
  readonly SqsParameters?: { readonly MessageGroupId?: string };
}

/** As it is kept and given back; instants in seconds, as the service writes them. */
export interface Schedule {
  readonly Arn: string;
  readonly Name: string;
  readonly GroupName: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly State: 'ENABLED' | 'DISABLED';
  readonly ActionAfterCompletion: 'NONE' | 'DELETE';
  readonly FlexibleTimeWindow: { readonly Mode: 'OFF' | 'FLEXIBLE'; readonly MaximumWindowInMinutes?: number };
  readonly Target: Target;
  readonly Description?: string;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly CreationDate: number;
  readonly LastModificationDate: number;
}

const NAME = /^[0-9a-zA-Z\-_.]{1,64}$/;
const TARGET_FIELDS = ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig', 'SqsParameters'];
const STATES = ['ENABLED', 'DISABLED'];

export const validationError = (message: string) => new AwsError('ValidationException', message);

export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw validationError(`a name has 1 to 64 letters, digits, and any of -_., not '${name}'`);
}

/** What of a request makes a schedule; the rest of it is the scheduler's to know. */
export function scheduleSettings(input: Input) {
  const { State = 'ENABLED', ScheduleExpressionTimezone = 'UTC', ActionAfterCompletion = 'NONE' } = input;
  if (!STATES.includes(String(State))) throw validationError(`State is ENABLED or DISABLED, not ${State}`);
  return {
    ScheduleExpression: text(input, 'ScheduleExpression'),
    ScheduleExpressionTimezone: String(ScheduleExpressionTimezone),
    State: State as Schedule['State'],
    ActionAfterCompletion: ActionAfterCompletion as Schedule['ActionAfterCompletion'],
    FlexibleTimeWindow: flexibleTimeWindow(input.FlexibleTimeWindow),
    Target: target(input.Target),
    ...(input.Description !== undefined && { Description: String(input.Description) }),
    ...(input.StartDate !== undefined && { StartDate: seconds(input, 'StartDate') }),
    ...(input.EndDate !== undefined && { EndDate: seconds(input, 'EndDate') }),
  };
}

export function occurrencesOf(schedule: Schedule): Occurrences {
  const { ScheduleExpression: expression, ScheduleExpressionTimezone: timezone, StartDate, EndDate } = schedule;
  const start = StartDate === undefined ? undefined : StartDate * 1000;
  const end = EndDate === undefined ? undefined : EndDate * 1000;
  try {
    return occurrences({ expression, timezone, base: start ?? schedule.CreationDate * 1000, start, end });
  } catch (error) {
    throw validationError((error as Error).message);
  }
}

function text(input: Input, field: string): string {
  const value = input[field];
  if (typeof value === 'string') return value;
  throw validationError(`${field} is required`);
}

function seconds(input: Input, field: string): number {
  const value = input[field];
  if (typeof value === 'number') return value;
  throw validationError(`${field} is an instant in seconds, not ${JSON.stringify(value)}`);
}

function flexibleTimeWindow(value: unknown): Schedule['FlexibleTimeWindow'] {
  const window = value as Schedule['FlexibleTimeWindow'] | undefined;
  if (window?.Mode === 'OFF' || (window?.Mode === 'FLEXIBLE' && window.MaximumWindowInMinutes)) return window;
  throw validationError('FlexibleTimeWindow has Mode OFF, or FLEXIBLE with MaximumWindowInMinutes');
}

function target(value: unknown): Target {
  const given = (value ?? {}) as Input;
  text(given, 'Arn');
  text(given, 'RoleArn');
  const stranger = Object.keys(given).find((name) => !TARGET_FIELDS.includes(name));
  if (stranger === undefined) return given as unknown as Target;
  throw validationError(`the local runner doesn't know Target.${stranger}`);
}
