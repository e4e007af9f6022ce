/** What an instance means for features and labels, given what is known of the sandbox when a run begins. */
import { composedFields, type SchemaExtensions } from '#shared/schema/composition.ts';
import { declaredAt } from '#shared/schema/field-path.ts';
import type { SchemaName } from '#shared/schema/field-schema.ts';
import {
  EVENT_TYPES_MAX,
  type ProfileFeature,
  type PropensityInstance,
  type PropensitySpecification,
} from './instance.ts';

export interface KnownEventType {
  readonly eventType: string;
  /** How often it was seen. */
  readonly count: number;
}

/** Whether both say the same of the same people: what they learn it from may differ. */
export function foretellsTheSame(left: PropensitySpecification, right: PropensitySpecification): boolean {
  const textOf = ({ goal, eligiblePopulation, timeZone }: PropensitySpecification) =>
    JSON.stringify([goal, eligiblePopulation, timeZone]);
  return textOf(left) === textOf(right);
}

/** `kindOf`: from the schema; an attribute that is neither a number nor a date is a category. */
export function specificationOf(
  instance: PropensityInstance,
  eventTypes: readonly KnownEventType[],
  kindOf: (path: string) => ProfileFeature['kind'],
): PropensitySpecification {
  const { goal, eligiblePopulation, customEvents, profileAttributes, excludedEventTypes, timeZone } = instance;
  const excluded = new Set(excludedEventTypes);
  const counted = [...eventTypes]
    .filter(({ eventType }) => !excluded.has(eventType))
    .sort((left, right) => right.count - left.count || (left.eventType < right.eventType ? -1 : 1))
    .slice(0, EVENT_TYPES_MAX)
    .map(({ eventType }) => eventType);
  return {
    goal,
    ...(eligiblePopulation === undefined ? {} : { eligiblePopulation }),
    eventTypes: counted,
    customEvents,
    profileFeatures: profileAttributes.map((path) => ({ path, kind: kindOf(path) })),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

const DATES: ReadonlySet<unknown> = new Set(['date', 'date-time']);

/** What a schema says of a profile's fields; what it does not know is a category. */
export function kindsBySchema(extensions: SchemaExtensions): (path: string) => ProfileFeature['kind'] {
  const fields = composedFields('profile', extensions);
  return (path) => {
    const { type, format } = declaredAt(fields, path)?.field ?? {};
    if (type === 'integer' || type === 'number') return 'number';
    return DATES.has(format) ? 'date' : 'category';
  };
}

/** The usage label that keeps a field out of every model. */
export const NOT_FOR_DATA_SCIENCE = 'notForDataScience';

/** Of some paths those that a label keeps out, on the field itself or on anything around it. */
export function restrictedPaths(
  paths: readonly string[],
  schema: SchemaName,
  extensions: SchemaExtensions,
): readonly string[] {
  const fields = composedFields(schema, extensions);
  return paths.filter((path) => path !== '' && declaredAt(fields, path)?.labels.includes(NOT_FOR_DATA_SCIENCE));
}
