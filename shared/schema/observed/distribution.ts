/** What a sketch says, in words of the API: shares, ranges, the most frequent values. */
import type { Declaration } from '../field-path.ts';
import { TOP_VALUES_SHOWN } from '../limits.ts';
import type { FieldSketch } from './field-sketch.ts';
import { type Withheld, withheldBy } from './personal-data.ts';
import { fits, type Kind } from './value-kind.ts';

export interface Distribution {
  /** Records that carry it. */
  readonly count: number;
  /** Their share of all records of the schema, 0 to 1. */
  readonly filled: number;
  /** Of the records counted, the share that was looked at; the rest is inferred from it. */
  readonly sampleRate: number;
  /** People whose records carry it, by primary identity; at least so many where not every record was looked at. */
  readonly people: number;
  readonly distinct: number;
  /** What most values are. */
  readonly kind?: Kind;
  /** Values of kinds that the declared type has no place for; of an undeclared field those that are not like most. */
  readonly conflicts: readonly { readonly kind: Kind; readonly share: number }[];
  readonly topValues?: readonly TopValueShare[];
  /** Why no values are shown. */
  readonly withheld?: Withheld;
  readonly range?: { readonly min: number | string; readonly max: number | string };
  readonly quantiles?: Readonly<Record<'p5' | 'p25' | 'p50' | 'p75' | 'p95', number>>;
  readonly length?: { readonly min: number; readonly max: number };
  /** Of events: the types that carry it most. */
  readonly eventTypes?: readonly { readonly eventType: string; readonly share: number }[];
  /** ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export interface TopValueShare {
  readonly value: string | number | boolean;
  /** Of all values of the field. */
  readonly share: number;
  /** At most so much of it may be too much. */
  readonly error?: number;
}

interface Context {
  readonly path: string;
  readonly declared: Declaration | undefined;
  /** All records of the schema. */
  readonly whole: number;
}

/** With so many values and hardly one that comes again, none of them says anything but who somebody is. */
const UNIQUE_FROM = 100;
const UNIQUE_SHARE = 0.5;

export function distributionOf(sketch: FieldSketch, context: Context): Distribution {
  const { records, looked } = sketch;
  // An estimate may be a little above what there can be.
  const distinct = Math.min(sketch.distinct.estimate(), Math.round(sum(sketch.kinds.values())));
  const withheld = withheldFor(sketch, context, distinct);
  return {
    count: Math.round(records),
    filled: shareOf(records, Math.max(context.whole, records)),
    sampleRate: shareOf(looked, records),
    people: Math.min(sketch.people.estimate(), Math.round(records)),
    distinct,
    ...kindsOf(sketch, context),
    ...(withheld === undefined ? valuesOf(sketch) : { withheld }),
    ...(sketch.lengths && { length: sketch.lengths }),
    ...eventTypesOf(sketch),
    firstSeen: new Date(sketch.firstSeen).toISOString(),
    lastSeen: new Date(sketch.lastSeen).toISOString(),
  };
}

/** Asked again at each read: a label that was set since takes effect at once. */
function withheldFor(sketch: FieldSketch, { path, declared }: Context, distinct: number): Withheld | undefined {
  const reason = withheldBy(path, declared);
  if (reason !== undefined) return reason;
  if (sketch.top === undefined) return 'declared';
  const isText = (sketch.kinds.get('string') ?? 0) > sketch.records / 2;
  const isKnown = declared?.field?.enum !== undefined || declared?.field?.['meta:observeValues'] === true;
  const isUnique = sketch.looked >= UNIQUE_FROM && distinct > sketch.looked * UNIQUE_SHARE;
  return isText && isUnique && !isKnown ? 'mostly-unique' : undefined;
}

function kindsOf({ kinds }: FieldSketch, { declared }: Context): Pick<Distribution, 'kind' | 'conflicts'> {
  const total = sum(kinds.values());
  const byCount = [...kinds].sort(([, left], [, right]) => right - left);
  const [most] = byCount[0] ?? [];
  if (most === undefined) return { conflicts: [] };
  const kind = most === 'integer' && kinds.has('number') ? 'number' : most;
  const { type, format } = declared?.field ?? undeclaredType(kind);
  const conflicts = byCount
    .filter(([each]) => !fits(each, type, format))
    .map(([each, count]) => ({ kind: each, share: shareOf(count, total) }));
  return { kind, conflicts };
}

const undeclaredType = (kind: Kind) =>
  kind === 'date' || kind === 'date-time' ? { type: 'string', format: kind } : { type: kind, format: undefined };

function valuesOf(sketch: FieldSketch): Pick<Distribution, 'topValues' | 'range' | 'quantiles'> {
  const { top, numbers, times, kinds } = sketch;
  const total = sum(kinds.values());
  const shown = (top?.list() ?? [])
    // Wrong by more than half of itself it would be no more than a guess.
    .filter(({ count, error }) => error * 2 <= count)
    .slice(0, TOP_VALUES_SHOWN)
    .map(({ value, count, error }) => ({
      value: JSON.parse(value) as string | number | boolean,
      share: shareOf(count, total),
      ...(error > 0 && { error: shareOf(error, total) }),
    }));
  const at = (share: number) => numbers.quantile(share) as number;
  const hasNumbers = numbers.quantile(0) !== undefined;
  return {
    ...(shown.length > 0 && { topValues: shown }),
    ...(times && { range: { min: new Date(times.min).toISOString(), max: new Date(times.max).toISOString() } }),
    ...(hasNumbers && {
      range: { min: numbers.min, max: numbers.max },
      quantiles: { p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) },
    }),
  };
}

function eventTypesOf({ eventTypes, records }: FieldSketch): Pick<Distribution, 'eventTypes'> {
  const list = eventTypes.list().filter(({ count, error }) => error * 2 <= count);
  if (list.length === 0) return {};
  return { eventTypes: list.map(({ value, count }) => ({ eventType: value, share: shareOf(count, records) })) };
}

/** Four digits, for none of it is known better. */
const shareOf = (part: number, whole: number) => (whole === 0 ? 0 : Math.min(1, Number((part / whole).toPrecision(4))));
const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, each) => total + each, 0);
