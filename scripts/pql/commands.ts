/** What each `pql` command makes of one line. Every line has its answer, also one that is no JSON. */

import { estimate } from '#shared/pql/incremental/estimate.ts';
import { analyze } from '#shared/pql/incremental/index.ts';
import {
  check,
  compile,
  type Diagnostic,
  dependencies,
  type Expression,
  fromJson,
  hasErrors,
  normalizeEvents,
  parse,
  print,
  simplify,
  toJson,
  toJsonValue,
} from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { LEAF_BYTES_MAX } from '#shared/segment/leaf-rows.ts';
import { isObject, type Request, readJsonExpression, readRequest } from './request.ts';

type Answer = Readonly<Record<string, unknown>>;

export const COMMANDS: ReadonlyMap<string, (line: string) => Answer> = new Map([
  ['eval', (line: string) => answer(line, evaluate)],
  ['check', (line: string) => answer(line, checkOnly)],
  ['explain', (line: string) => answer(line, explain)],
  ['to-json', (line: string) => answer(line, (_, expression) => ({ value: toJson(expression) }))],
  ['to-text', toText],
]);

/** `expression` is `pql/json`, as an object or as a string that holds it. */
function toText(line: string): Answer {
  const request = readJsonExpression(line);
  if (!request.ok) return { diagnostics: [request.error] };
  const decoded = fromJson(request.value);
  return decoded.ok ? { value: print(decoded.value) } : { diagnostics: decoded.error.map(shown) };
}

function answer(line: string, command: (request: Request, expression: Expression) => Answer): Answer {
  const request = readRequest(line, Date.now());
  if (!request.ok) return { diagnostics: [request.error] };
  const parsed = parse(request.value.expression);
  return parsed.ok ? command(request.value, parsed.value) : { diagnostics: parsed.error.map(shown) };
}

const shown = ({ code, severity, message, start, end, line, column, hint }: Diagnostic): Answer => ({
  code,
  severity,
  message,
  start,
  end,
  line,
  column,
  ...(hint === undefined ? {} : { hint }),
});

const checkWith = (request: Request, expression: Expression) => check(expression, defaultSchema, request);

function evaluate(request: Request, parsed: Expression): Answer {
  const { expression, diagnostics } = checkWith(request, parsed);
  if (hasErrors(diagnostics)) return { diagnostics: diagnostics.map(shown) };
  const { profile, events, now } = request;
  const inSegment = (idOrName: string) => isMember(request, idOrName);
  const value = compile(expression, request)({ profile, events: normalizeEvents(events), now, inSegment });
  return { value: toJsonValue(value) };
}

const PRESENT: ReadonlySet<unknown> = new Set(['realized', 'existing']);

/** By the line's `segments`, or by the profile's own `segmentMembership`, in any namespace. */
function isMember({ segments, profile }: Request, idOrName: string): boolean {
  if (segments.includes(idOrName)) return true;
  const { segmentMembership } = profile;
  if (!isObject(segmentMembership)) return false;
  return Object.values(segmentMembership).some((namespace) => {
    if (!isObject(namespace) || !Object.hasOwn(namespace, idOrName)) return false;
    const membership = namespace[idOrName];
    return isObject(membership) && PRESENT.has(membership.status);
  });
}

function checkOnly(request: Request, parsed: Expression): Answer {
  const { expression, diagnostics } = checkWith(request, parsed);
  return { type: expression.type.kind, diagnostics: diagnostics.map(shown) };
}

function explain(request: Request, parsed: Expression): Answer {
  const { expression, diagnostics } = checkWith(request, parsed);
  if (hasErrors(diagnostics)) return { diagnostics: diagnostics.map(shown) };
  const canonical = simplify(expression);
  const plan = analyze(canonical, request.timeZone === undefined ? {} : { timeZone: request.timeZone });
  return {
    canonical: print(canonical),
    evaluationClass: plan.evaluationClass,
    reasons: plan.reasons,
    estimate: estimate(plan, LEAF_BYTES_MAX),
    dependencies: dependencies(expression),
    diagnostics: diagnostics.map(shown),
  };
}
