/**
 * What a client of an older document would stumble over in a newer one. A client may send whatever the older one allowed
 * and reads whatever it promised; new operations, optional parameters, answer fields and values are no break.
 */
import type { DescribedOperation, OpenApiDocument, Parameter } from './document.ts';
import type { JsonSchema } from './json-schema.ts';

type Direction = 'request' | 'answer';

interface Comparison {
  readonly older: OpenApiDocument;
  readonly newer: OpenApiDocument;
  readonly direction: Direction;
}

export function breakingChanges(older: OpenApiDocument, newer: OpenApiDocument): readonly string[] {
  return Object.entries(older.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const place = `${method.toUpperCase()} ${path}`;
      const now = newer.paths[path]?.[method];
      if (now === undefined) return [`${place} is gone`];
      return changesOf(operation, now, { older, newer }).map((change) => `${place}: ${change}`);
    }),
  );
}

function changesOf(
  before: DescribedOperation,
  after: DescribedOperation,
  documents: Pick<Comparison, 'older' | 'newer'>,
): string[] {
  const renamed = before.operationId === after.operationId ? [] : [`its id is ${after.operationId}`];
  const closed = (before['x-roles'] ?? []).filter((role) => !after['x-roles']?.includes(role));
  return [
    ...renamed,
    ...closed.map((role) => `closed to ${role}`),
    ...parameterChanges(before.parameters ?? [], after.parameters ?? [], documents),
    ...bodyChanges(before, after, { ...documents, direction: 'request' }),
    ...answerChanges(before, after, { ...documents, direction: 'answer' }),
  ];
}

function parameterChanges(
  before: readonly Parameter[],
  after: readonly Parameter[],
  documents: Pick<Comparison, 'older' | 'newer'>,
): string[] {
  const sameAs = (wanted: Parameter) => (parameter: Parameter) =>
    parameter.name === wanted.name && parameter.in === wanted.in;
  const lost = before.filter((parameter) => !after.some(sameAs(parameter)));
  const demanded = after.filter(
    (parameter) => parameter.required && !before.some((known) => known.required && sameAs(parameter)(known)),
  );
  const changed = before.flatMap((parameter) => {
    const now = after.find(sameAs(parameter));
    const comparison = { ...documents, direction: 'request' as const };
    return now === undefined ? [] : schemaChanges(parameter.schema, now.schema, `?${parameter.name}`, comparison);
  });
  return [
    ...lost.map(({ name }) => `parameter ${name} is gone`),
    ...demanded.map(({ name }) => `parameter ${name} is required`),
    ...changed,
  ];
}

function bodyChanges(before: DescribedOperation, after: DescribedOperation, comparison: Comparison): string[] {
  const [old] = Object.values(before.requestBody?.content ?? {});
  const [now] = Object.values(after.requestBody?.content ?? {});
  if (old === undefined) return now === undefined ? [] : ['a body is required'];
  return now === undefined ? [] : schemaChanges(old.schema, now.schema, 'body', comparison);
}

function answerChanges(before: DescribedOperation, after: DescribedOperation, comparison: Comparison): string[] {
  return Object.entries(before.responses).flatMap(([status, { content = {} }]) => {
    if (Number(status) >= 400) return [];
    const now = after.responses[status];
    if (now === undefined) return [`the answer ${status} is gone`];
    const [old] = Object.values(content);
    const [newer] = Object.values(now.content ?? {});
    if (old === undefined) return [];
    return newer === undefined
      ? [`the answer ${status} has no body`]
      : schemaChanges(old.schema, newer.schema, String(status), comparison);
  });
}

const DEPTH_MAX = 40;

function schemaChanges(
  sent: JsonSchema,
  received: JsonSchema,
  place: string,
  comparison: Comparison,
  depth = 0,
): string[] {
  const before = resolve(sent, comparison.older);
  const after = resolve(received, comparison.newer);
  if (depth > DEPTH_MAX || JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isChoice(before) || isChoice(after)) return choiceChanges(before, after, place, comparison, depth);
  const inner = (name: string, old: unknown, now: unknown) =>
    schemaChanges(old as JsonSchema, now as JsonSchema, `${place}/${name}`, comparison, depth + 1);
  const items = before.items && after.items ? inner('[]', before.items, after.items) : [];
  return [
    ...typeChanges(before, after, place, comparison.direction),
    ...propertyChanges(before, after, place, comparison.direction),
    ...Object.entries(propertiesOf(before)).flatMap(([name, old]) => {
      const now = propertiesOf(after)[name];
      return now === undefined ? [] : inner(name, old, now);
    }),
    ...items,
  ];
}

const alternativesOf = (schema: JsonSchema) =>
  ((schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined) ?? [schema];
const isChoice = (schema: JsonSchema) => schema.anyOf !== undefined || schema.oneOf !== undefined;

/** Each kind that a client may send is still taken by some; each that it may be answered is one that it knew. */
function choiceChanges(
  before: JsonSchema,
  after: JsonSchema,
  place: string,
  comparison: Comparison,
  depth: number,
): string[] {
  const [olds, news] = [alternativesOf(before), alternativesOf(after)];
  const changes = (old: JsonSchema, now: JsonSchema) => schemaChanges(old, now, place, comparison, depth + 1);
  const least = (all: readonly string[][]) => all.toSorted((left, right) => left.length - right.length)[0] ?? [];
  return comparison.direction === 'request'
    ? olds.flatMap((old) => least(news.map((now) => changes(old, now))))
    : news.flatMap((now) => least(olds.map((old) => changes(old, now))));
}

const propertiesOf = ({ properties = {} }: JsonSchema) => properties as Readonly<Record<string, JsonSchema>>;
const requiredOf = ({ required = [] }: JsonSchema) => required as readonly string[];

function propertyChanges(before: JsonSchema, after: JsonSchema, place: string, direction: Direction): string[] {
  const [known, now] = [propertiesOf(before), propertiesOf(after)];
  const isOpen = after.additionalProperties !== false;
  const lost = Object.keys(known).filter((name) => now[name] === undefined && !(direction === 'request' && isOpen));
  const gone = lost.map((name) => `${place}/${name} is gone`);
  if (direction === 'request') {
    const demanded = requiredOf(after).filter((name) => !requiredOf(before).includes(name));
    return [...gone, ...demanded.map((name) => `${place}/${name} is required`)];
  }
  const weakened = requiredOf(before).filter((name) => now[name] !== undefined && !requiredOf(after).includes(name));
  return [...gone, ...weakened.map((name) => `${place}/${name} may be missing`)];
}

function typeChanges(before: JsonSchema, after: JsonSchema, place: string, direction: Direction): string[] {
  const retyped = before.type !== undefined && after.type !== undefined && before.type !== after.type;
  if (retyped) return [`${place} is ${after.type}, was ${before.type}`];
  if (direction === 'answer') return [];
  const bounds = boundChanges(before, after, place);
  const taken = after.enum ?? (after.const === undefined ? undefined : [after.const]);
  if (!Array.isArray(taken)) return bounds;
  const known = before.enum ?? (before.const === undefined ? undefined : [before.const]);
  if (!Array.isArray(known)) return [...bounds, `${place} takes only ${taken.join(', ')}`];
  return [
    ...bounds,
    ...known.filter((value) => !taken.includes(value)).map((value) => `${place} does not take ${value}`),
  ];
}

const MOST = ['maxLength', 'maximum', 'maxItems', 'exclusiveMaximum'] as const;
const LEAST = ['minLength', 'minimum', 'minItems', 'exclusiveMinimum'] as const;

/** A bound that nobody had before counts as well. */
function boundChanges(before: JsonSchema, after: JsonSchema, place: string): string[] {
  const narrowed = (names: readonly string[], isNarrower: (old: number, now: number) => boolean, none: number) =>
    names.filter((name) => isNarrower(Number(before[name] ?? none), Number(after[name] ?? none)));
  const infinity = Number.POSITIVE_INFINITY;
  const tighter = [
    ...narrowed(MOST, (old, now) => now < old, infinity),
    ...narrowed(LEAST, (old, now) => now > old, -infinity),
  ];
  return tighter.map((name) => `${place} has ${name} ${after[name]}, had ${before[name] ?? 'none'}`);
}

function resolve(schema: JsonSchema, { components }: OpenApiDocument): JsonSchema {
  const { $ref } = schema;
  if (typeof $ref !== 'string') return schema;
  return components.schemas[$ref.replace('#/components/schemas/', '')] ?? {};
}
