/** A batch of records as sketches to merge: what was in them, field by field. */

import { identityKey } from '#shared/profile/identity.ts';
import type { StreamItem } from '#shared/profile/stream-record.ts';
import { composedFields, type SchemaExtensions } from '../composition.ts';
import { declaredAt } from '../field-path.ts';
import type { FieldSchema, SchemaName } from '../field-schema.ts';
import { TOP_VALUE_LENGTH_MAX } from '../limits.ts';
import { hash64 } from '../sketches/hyper-log-log.ts';
import { FieldSketch, type Observation } from './field-sketch.ts';
import { type FieldsOfRecord, fieldsOfRecord } from './fields-of-record.ts';
import { looksIdentifying, withheldBy } from './personal-data.ts';

/** What a sketch is about: a field of a schema, or an event type, which is counted like a field of its own. */
export type Subject = SchemaName | 'eventType';

/** All records of a subject, whatever fields they carry: what shares are shares of. */
export const WHOLE = '';

export interface Observed {
  readonly sandboxName: string;
  readonly subject: Subject;
  /** `WHOLE`, a field's path, or an event type. */
  readonly path: string;
  readonly sketch: FieldSketch;
}

export type ObservedItem = Exclude<StreamItem, { kind: 'wake-up' } | { kind: 'reject' }>;

/** Of so many records one is looked at: the same ones at every delivery, and at every consumer. */
export const isSampled = (item: ObservedItem, every: number): boolean =>
  every <= 1 || hash64(recordKey(item))[0] % every === 0;

/** What makes a record the same when it is sent again. */
export function recordKey(item: ObservedItem): string {
  if (item.kind === 'event') return `${item.sandboxName}#${item.event._id}`;
  const [primary] = item.identities;
  return `${item.sandboxName}#${item.datasetId}#${item.timestamp}#${primary && identityKey(primary)}`;
}

/** The smallest power of two that leaves at most `wanted` of `count`. */
export function sampleEvery(count: number, wanted: number): number {
  let every = 1;
  while (count / every > wanted) every *= 2;
  return every;
}

export class BatchObserver {
  readonly #fields = new Map<string, Readonly<Record<SchemaName, FieldSchema>>>();
  readonly #observed = new Map<string, Observed>();
  readonly #extensions: ReadonlyMap<string, SchemaExtensions>;

  /** The extensions of every sandbox of the batch. */
  constructor(extensions: ReadonlyMap<string, SchemaExtensions>) {
    this.#extensions = extensions;
  }

  observe(item: ObservedItem, arrival: number, weight: number): void {
    const [primary] = item.identities;
    const person = primary === undefined ? '' : identityKey(primary);
    const { sandboxName } = item;
    const declared = this.#declaredIn(sandboxName);
    if (item.kind === 'profile') {
      const record = { ...item.attributes, identityMap: item.source.identityMap };
      const fields = fieldsOfRecord(record, declared.profile);
      this.#add(sandboxName, 'profile', declared.profile, fields, { arrival, weight, person });
      return;
    }
    const { declaredTimestamp: _, timestamp, ...event } = item.event;
    const eventType = eventTypeOf(item.event.eventType);
    const record = { ...event, timestamp: new Date(timestamp).toISOString() };
    const observation = { arrival, weight, person, eventType };
    this.#add(sandboxName, 'event', declared.event, fieldsOfRecord(record, declared.event), observation);
    if (eventType !== undefined) this.#sketch(sandboxName, 'eventType', eventType).observe([], observation);
  }

  result(): readonly Observed[] {
    return [...this.#observed.values()];
  }

  #add(
    sandboxName: string,
    schema: SchemaName,
    declared: FieldSchema,
    fields: FieldsOfRecord,
    observation: Observation,
  ): void {
    this.#sketch(sandboxName, schema, WHOLE).observe([], observation);
    for (const [path, values] of fields) this.#sketch(sandboxName, schema, path, declared).observe(values, observation);
  }

  #sketch(sandboxName: string, subject: Subject, path: string, declared?: FieldSchema): FieldSketch {
    const key = JSON.stringify([sandboxName, subject, path]);
    const known = this.#observed.get(key);
    if (known !== undefined) return known.sketch;
    const sketch = new FieldSketch();
    if (declared === undefined || withheldBy(path, declaredAt(declared, path)) !== undefined) sketch.withhold();
    this.#observed.set(key, { sandboxName, subject, path, sketch });
    return sketch;
  }

  #declaredIn(sandboxName: string): Readonly<Record<SchemaName, FieldSchema>> {
    const known = this.#fields.get(sandboxName);
    if (known !== undefined) return known;
    const extensions = this.#extensions.get(sandboxName) ?? {};
    const fields = { profile: composedFields('profile', extensions), event: composedFields('event', extensions) };
    this.#fields.set(sandboxName, fields);
    return fields;
  }
}

/** An event type is a name that many events share; one that looks like somebody's is none. */
function eventTypeOf(eventType: string | undefined): string | undefined {
  if (eventType === undefined || eventType === '' || eventType.length > TOP_VALUE_LENGTH_MAX) return undefined;
  return looksIdentifying(eventType) ? undefined : eventType;
}
