/** What an author wrote, held to the language and to what fields may be used for, before anything is stored. */
import { type Mistake, Problem } from '#shared/api/problem.ts';
import { check, dependencies, parse } from '#shared/pql/index.ts';
import { type CompiledSpecification, compileSpecification } from '#shared/propensity/compiled-specification.ts';
import type { CustomEvent, Goal, PropensitySpecification } from '#shared/propensity/instance.ts';
import { kindsBySchema, NOT_FOR_DATA_SCIENCE, restrictedPaths } from '#shared/propensity/specification-of.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';

export interface Asked {
  readonly goal: Goal;
  readonly eligiblePopulation?: string | undefined;
  readonly customEvents: readonly CustomEvent[];
  readonly profileAttributes: readonly string[];
  readonly timeZone?: string | undefined;
}

export function checkSpecification(asked: Asked, extensions: SchemaExtensions): CompiledSpecification {
  requireUniqueNames(asked.customEvents);
  requireUnrestricted(asked, extensions);
  const compiled = compileSpecification(specificationFrom(asked, extensions), composedSchema(extensions));
  if (compiled.ok) return compiled.value;
  const mistakes = compiled.error.flatMap(({ pointer, diagnostics }) =>
    diagnostics.map(({ code, message, line, column }) => ({
      pointer,
      message: `${code} at line ${line}, column ${column}: ${message}`,
    })),
  );
  const diagnostics = compiled.error.flatMap((mistake) => mistake.diagnostics);
  throw new Problem('invalid-expression', 'An expression is not valid PQL.', { mistakes, diagnostics });
}

export function specificationFrom(
  { goal, eligiblePopulation, customEvents, profileAttributes, timeZone }: Asked,
  extensions: SchemaExtensions,
): PropensitySpecification {
  const kindOf = kindsBySchema(extensions);
  return {
    goal,
    ...(eligiblePopulation === undefined ? {} : { eligiblePopulation }),
    eventTypes: [],
    customEvents,
    profileFeatures: profileAttributes.map((path) => ({ path, kind: kindOf(path) })),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

/** Features are called by them. */
function requireUniqueNames(customEvents: readonly CustomEvent[]): void {
  const names = customEvents.map(({ name }) => name);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice < 0) return;
  const mistakes = [{ pointer: `/customEvents/${twice}/name`, message: `“${names[twice]}” is the name of another` }];
  throw new Problem('invalid-request', 'Two custom events have one name.', { mistakes });
}

function requireUnrestricted(
  { customEvents, profileAttributes, goal, eligiblePopulation }: Asked,
  extensions: SchemaExtensions,
): void {
  const attributes = restrictedPaths(profileAttributes, 'profile', extensions).map((path) =>
    restricted(`/profileAttributes/${profileAttributes.indexOf(path)}`, path),
  );
  const amounts = customEvents.flatMap(({ amounts: declared }, index) =>
    restrictedPaths(
      declared.map(({ path }) => path),
      'event',
      extensions,
    ).map((path) => restricted(`/customEvents/${index}/amounts`, path)),
  );
  const conditions = [
    ...goal.conditions.map((text, index) => [`/goal/conditions/${index}`, inEvent(text)] as const),
    ...customEvents.map(({ condition }, index) => [`/customEvents/${index}/condition`, inEvent(condition)] as const),
    ...(eligiblePopulation === undefined ? [] : [['/eligiblePopulation', eligiblePopulation] as const]),
  ];
  const read = conditions.flatMap(([pointer, text]) =>
    restrictedIn(text, extensions).map((path) => restricted(pointer, path)),
  );
  const mistakes = [...attributes, ...amounts, ...read];
  if (mistakes.length === 0) return;
  throw new Problem('field-restricted', `Fields labelled ${NOT_FOR_DATA_SCIENCE} must not be used for propensity.`, {
    mistakes,
  });
}

const inEvent = (condition: string) => `xEvent[${condition}\n].count() >= 1`;

const restricted = (pointer: string, path: string): Mistake => ({
  pointer,
  message: `${path} is labelled ${NOT_FOR_DATA_SCIENCE}`,
});

/** What can't be read is told of by the compiler. */
function restrictedIn(text: string, extensions: SchemaExtensions): readonly string[] {
  const parsed = parse(text);
  if (!parsed.ok) return [];
  const { expression } = check(parsed.value, composedSchema(extensions), { mode: 'segment' });
  const { attributes, eventFields } = dependencies(expression);
  return [...restrictedPaths(attributes, 'profile', extensions), ...restrictedPaths(eventFields, 'event', extensions)];
}
