/** A specification made ready to turn people into rows. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { compilePql, type Diagnostic, type Evaluate, type ExperienceEvent, type Schema } from '#shared/pql/index.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { readTimestamp } from '#shared/profile/experience-event.ts';
import { type Amount, eventFeatures, eventFeatureValues, type Signal } from './event-features.ts';
import {
  type DeclaredAmount,
  type Goal,
  type ProfileFeature,
  type PropensitySpecification,
  PURCHASE_AMOUNT,
  PURCHASE_EVENT_TYPE,
} from './instance.ts';
import type { Feature, FeatureValue } from './training-table.ts';

/** A person as far as a model looks at them. */
export interface KnownPerson {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** In the order of time. */
  readonly events: readonly StoredEvent[];
}

export interface CompiledSpecification {
  readonly features: readonly Feature[];
  /** One value of each feature, from what was known before `cutoff` (epoch milliseconds). */
  valuesAsOf(person: KnownPerson, cutoff: number): FeatureValue[];
  /** Whether the person belongs to those who are foretold, as of `cutoff`. */
  isEligible(person: KnownPerson, cutoff: number): boolean;
  /** Whether the goal came true in the window from `cutoff` on. */
  hasOutcome(person: KnownPerson, cutoff: number): boolean;
}

/** Mistakes in one of the expressions, and which: a JSON pointer into the specification. */
export interface SpecificationMistake {
  readonly pointer: string;
  readonly diagnostics: readonly Diagnostic[];
}

const DAY_MS = 86_400_000;

export function compileSpecification(
  specification: PropensitySpecification,
  schema: Schema,
): Result<CompiledSpecification, readonly SpecificationMistake[]> {
  const compiler = new ExpressionCompiler(schema, specification.timeZone);
  const conditions = specification.goal.conditions.map((text, index) =>
    compiler.event(text, `/goal/conditions/${index}`),
  );
  const signals = signalsOf(specification, compiler);
  const eligible = compiler.segment(specification.eligiblePopulation, '/eligiblePopulation');
  if (compiler.mistakes.length > 0) return fail(compiler.mistakes);
  const { goal, profileFeatures } = specification;
  return ok({
    features: [...eventFeatures(signals), ...profileFeatures.map(featureOf)],
    valuesAsOf: (person, cutoff) => [
      ...eventFeatureValues(person.events, signals, cutoff),
      ...profileFeatures.map((feature) => profileValue(person.attributes, feature, cutoff)),
    ],
    isEligible: (person, cutoff) => isEligible(person, cutoff, eligible),
    hasOutcome: (person, cutoff) => occurred(person, cutoff, goal, conditions) === (goal.occurrence === 'will'),
  });
}

type EventTest = (event: StoredEvent) => boolean;

const BEFORE = 'xEvent[';

class ExpressionCompiler {
  readonly mistakes: SpecificationMistake[] = [];
  readonly #schema: Schema;
  readonly #timeZone: string | undefined;

  constructor(schema: Schema, timeZone: string | undefined) {
    this.#schema = schema;
    this.#timeZone = timeZone;
  }

  /** The event is the only one there is, and now is its own time. */
  event(text: string, pointer: string): EventTest {
    const evaluate = this.#compile(`${BEFORE}${text}\n].count() >= 1`, pointer, BEFORE.length);
    return (event) => evaluate({ profile: {}, events: [event as ExperienceEvent], now: event.timestamp }) === true;
  }

  segment(text: string | undefined, pointer: string): Evaluate | undefined {
    return text === undefined ? undefined : this.#compile(text, pointer, 0);
  }

  #compile(source: string, pointer: string, shift: number): Evaluate {
    const timeZone = this.#timeZone;
    const compiled = compilePql(source, this.#schema, {
      mode: 'segment',
      ...(timeZone === undefined ? {} : { timeZone }),
    });
    if (compiled.ok) return compiled.value.evaluate;
    this.mistakes.push({ pointer, diagnostics: compiled.error.map((diagnostic) => moved(diagnostic, shift)) });
    return () => null;
  }
}

/** As if nothing stood before the text. */
function moved(diagnostic: Diagnostic, shift: number): Diagnostic {
  const { start, end, line, column } = diagnostic;
  const at = (offset: number) => Math.max(0, offset - shift);
  return { ...diagnostic, start: at(start), end: at(end), column: line === 1 ? Math.max(1, column - shift) : column };
}

function signalsOf(
  { eventTypes, customEvents }: PropensitySpecification,
  compiler: ExpressionCompiler,
): readonly Signal<StoredEvent>[] {
  const types = eventTypes.map((type) => ({
    name: type,
    matches: (event: StoredEvent) => event.eventType === type,
    amounts: type === PURCHASE_EVENT_TYPE ? [amountOf(PURCHASE_AMOUNT)] : [],
  }));
  const custom = customEvents.map(({ name, condition, amounts }, index) => ({
    name,
    matches: compiler.event(condition, `/customEvents/${index}/condition`),
    amounts: amounts.map(amountOf),
  }));
  return [...types, ...custom];
}

function amountOf({ name, path }: DeclaredAmount): Amount<StoredEvent> {
  return {
    name,
    of: (event) => {
      const value = valueAt(event, path);
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    },
  };
}

function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

const featureOf = ({ path, kind }: ProfileFeature): Feature => ({
  name: kind === 'date' ? `days since ${path}` : path,
  kind: kind === 'category' ? 'category' : 'number',
});

function profileValue(
  attributes: KnownPerson['attributes'],
  { path, kind }: ProfileFeature,
  cutoff: number,
): FeatureValue {
  const value = valueAt(attributes, path);
  if (kind === 'category') return typeof value === 'string' || typeof value === 'boolean' ? String(value) : null;
  if (kind === 'number') return typeof value === 'number' ? value : null;
  const instant = dateOf(value);
  return instant === undefined ? null : (cutoff - instant) / DAY_MS;
}

const dateOf = (value: unknown) =>
  readTimestamp(typeof value === 'string' && value.length === 10 ? `${value}T00:00:00Z` : value);

function isEligible({ attributes, events }: KnownPerson, cutoff: number, eligible: Evaluate | undefined): boolean {
  const past = events.filter(({ timestamp }) => timestamp < cutoff);
  if (eligible === undefined) return past.length > 0;
  return eligible({ profile: attributes, events: past as readonly ExperienceEvent[], now: cutoff }) === true;
}

function occurred(
  { events }: KnownPerson,
  cutoff: number,
  { match, windowDays }: Goal,
  conditions: readonly EventTest[],
): boolean {
  const until = cutoff + windowDays * DAY_MS;
  const inWindow = events.filter(({ timestamp }) => timestamp >= cutoff && timestamp < until);
  const isMet = (condition: EventTest) => inWindow.some(condition);
  return match === 'any' ? conditions.some(isMet) : conditions.every(isMet);
}
