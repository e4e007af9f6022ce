/** One line of input: `{ expression, profile, events, now, mode, timeZone, segments }`; all but the first optional. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { parseInstant } from '#shared/pql/time/instant.ts';
import { UTC } from '#shared/pql/time/zone.ts';

export interface Request {
  readonly expression: string;
  readonly profile: Readonly<Record<string, unknown>>;
  readonly events: readonly unknown[];
  readonly now: number;
  readonly mode: 'segment' | 'value';
  readonly timeZone: string | undefined;
  /** Ids and names of the segments that the profile is in. */
  readonly segments: readonly unknown[];
}

/** A diagnostic about the line itself, which has no place in an expression. */
export interface Refusal {
  readonly code: 'PQL0001';
  readonly severity: 'error';
  readonly message: string;
  readonly start: 0;
  readonly end: 0;
  readonly line: 1;
  readonly column: 1;
}

const refuse = (message: string): Result<never, Refusal> =>
  fail({ code: 'PQL0001', severity: 'error', message, start: 0, end: 0, line: 1, column: 1 });

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export function readRequest(line: string, clock: number): Result<Request, Refusal> {
  const given = parseJson(line);
  if (!isObject(given)) return refuse('a line is a JSON object');
  const { expression, profile, events, mode, timeZone, segments } = given;
  const now = readNow(given.now, clock);
  const isPresent = (value: unknown) => value !== undefined && value !== null;
  if (typeof expression !== 'string') return refuse('"expression" is a string');
  if (isPresent(profile) && !isObject(profile)) return refuse('"profile" is an object');
  if (isPresent(events) && !(Array.isArray(events) && events.every(isObject))) {
    return refuse('"events" is a list of objects');
  }
  if (now === null) return refuse('"now" is ISO 8601 with an offset, or epoch milliseconds');
  if (isPresent(mode) && mode !== 'segment' && mode !== 'value') return refuse('"mode" is "segment" or "value"');
  if (isPresent(timeZone) && typeof timeZone !== 'string') return refuse('"timeZone" is a name such as "Europe/Paris"');
  if (isPresent(segments) && !Array.isArray(segments)) return refuse('"segments" is a list');
  return ok({
    expression,
    profile: isObject(profile) ? profile : {},
    events: Array.isArray(events) ? events : [],
    now,
    mode: mode === 'value' ? 'value' : 'segment',
    timeZone: typeof timeZone === 'string' ? timeZone : undefined,
    segments: Array.isArray(segments) ? segments : [],
  });
}

/** What a Date can hold. */
const INSTANT_MAX = 8.64e15;

function readNow(value: unknown, clock: number): number | null {
  if (value === undefined || value === null) return clock;
  if (typeof value === 'number') return Math.abs(value) <= INSTANT_MAX ? value : null;
  return typeof value === 'string' ? parseInstant(value, UTC) : null;
}

export function readJsonExpression(line: string): Result<unknown, Refusal> {
  const given = parseJson(line);
  if (!isObject(given) || given.expression === undefined) return refuse('a line is a JSON object with an "expression"');
  const { expression } = given;
  if (typeof expression !== 'string') return ok(expression);
  const parsed = parseJson(expression);
  return parsed === undefined ? refuse('"expression" holds no JSON') : ok(parsed);
}
