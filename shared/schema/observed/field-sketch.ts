/**
 * What is known of one field from the records that carried it, in a bounded size whatever their number. Two sketches
 * merge into the one of all their records. Counts are of records (and of values, where a list has several), weighted
 * by the sampling; `people` counts primary identities.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CorruptBytes } from '#shared/profile/bytes.ts';
import { EVENT_TYPES_PER_FIELD, TOP_VALUE_LENGTH_MAX, TOP_VALUES_KEPT } from '../limits.ts';
import { HyperLogLog } from '../sketches/hyper-log-log.ts';
import { Quantiles, type QuantilesJson } from '../sketches/quantiles.ts';
import { TopValues, type TopValuesJson } from '../sketches/top-values.ts';
import { looksIdentifying } from './personal-data.ts';
import { type Kind, kindOf, type Scalar } from './value-kind.ts';

const FORMAT = 1;

/** The record that brought a value. */
export interface Observation {
  /** When the stream took it, epoch milliseconds. */
  readonly arrival: number;
  /** How many records it stands for: more than one where only a sample is looked at. */
  readonly weight: number;
  /** Whoever it is primarily about. */
  readonly person: string;
  readonly eventType?: string | undefined;
}

export interface Extremes {
  readonly min: number;
  readonly max: number;
}

export class FieldSketch {
  /** Records that carry the field, an estimate where a sample is looked at. */
  records = 0;
  /** Of them, how many were looked at. */
  looked = 0;
  firstSeen = Number.POSITIVE_INFINITY;
  lastSeen = 0;
  readonly kinds = new Map<Kind, number>();
  readonly people: HyperLogLog;
  readonly distinct: HyperLogLog;
  numbers: Quantiles;
  times: Extremes | undefined;
  lengths: Extremes | undefined;
  readonly eventTypes: TopValues;
  /** Absent where values are not kept. */
  top: TopValues | undefined;
  /** Values that were left out of `top`, for they look like identifiers or are long. */
  unkept = 0;

  constructor(json?: FieldSketchJson) {
    this.people = json === undefined ? new HyperLogLog() : HyperLogLog.fromText(json.people);
    this.distinct = json === undefined ? new HyperLogLog() : HyperLogLog.fromText(json.distinct);
    this.numbers = new Quantiles(json?.numbers);
    this.eventTypes = topOf(EVENT_TYPES_PER_FIELD, json?.eventTypes);
    this.top = json !== undefined && json.top === undefined ? undefined : topOf(TOP_VALUES_KEPT, json?.top);
    if (json !== undefined) this.#restore(json);
  }

  #restore({ records, looked, firstSeen, lastSeen, kinds, times, lengths, unkept }: FieldSketchJson): void {
    Object.assign(this, { records, looked, firstSeen, lastSeen, times, lengths, unkept });
    for (const [kind, count] of Object.entries(kinds)) this.kinds.set(kind as Kind, count);
  }

  /** One record that carries the field, with its values. */
  observe(values: readonly Scalar[], { arrival, weight, person, eventType }: Observation): void {
    this.records += weight;
    this.looked += 1;
    this.firstSeen = Math.min(this.firstSeen, arrival);
    this.lastSeen = Math.max(this.lastSeen, arrival);
    this.people.add(person);
    if (eventType !== undefined) this.eventTypes.add(eventType, weight);
    for (const value of values) this.#addValue(value, weight);
  }

  #addValue(value: Scalar, weight: number): void {
    const { kind, time } = kindOf(value);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + weight);
    this.distinct.add(JSON.stringify(value));
    if (typeof value === 'string') this.lengths = widened(this.lengths, value.length);
    if (this.top === undefined) return;
    if (typeof value === 'number') this.numbers.add(value, weight);
    if (time !== undefined) this.times = widened(this.times, time);
    else this.#keep(this.top, value, weight);
  }

  #keep(top: TopValues, value: Scalar, weight: number): void {
    const text = String(value);
    const isKept = text.length <= TOP_VALUE_LENGTH_MAX && !(typeof value === 'string' && looksIdentifying(text));
    if (isKept) top.add(JSON.stringify(value), weight);
    else this.unkept += weight;
  }

  merge(other: FieldSketch): void {
    this.records += other.records;
    this.looked += other.looked;
    this.unkept += other.unkept;
    this.firstSeen = Math.min(this.firstSeen, other.firstSeen);
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
    for (const [kind, count] of other.kinds) this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + count);
    this.people.merge(other.people);
    this.distinct.merge(other.distinct);
    this.numbers.merge(other.numbers);
    this.times = union(this.times, other.times);
    this.lengths = union(this.lengths, other.lengths);
    this.eventTypes.merge(other.eventTypes);
    if (this.top === undefined || other.top === undefined) this.withhold();
    else this.top.merge(other.top);
  }

  /** Those of the texts that were seen so often at most: somebody said them, and hardly anybody else. How many went. */
  forgetRare(texts: readonly string[], most: number): number {
    const wanted = new Set(texts.map((text) => JSON.stringify(text)));
    const rare = (this.top?.list() ?? []).filter(
      ({ value, count, error }) => wanted.has(value) && count - error <= most,
    );
    return rare.filter(({ value }) => this.top?.forget(value)).length;
  }

  /** Forgets whatever a value could be read from. */
  withhold(): void {
    this.top = undefined;
    this.times = undefined;
    this.numbers = new Quantiles();
  }

  toBytes(): Uint8Array {
    const { records, looked, firstSeen, lastSeen, times, lengths, unkept } = this;
    const json: FieldSketchJson = {
      ...{ records, looked, firstSeen, lastSeen, times, lengths, unkept },
      kinds: Object.fromEntries(this.kinds),
      people: this.people.toText(),
      distinct: this.distinct.toText(),
      numbers: this.numbers.toJson(),
      eventTypes: this.eventTypes.toJson(),
      ...(this.top && { top: this.top.toJson() }),
    };
    return Buffer.concat([Buffer.from([FORMAT]), deflateRawSync(JSON.stringify(json))]);
  }

  static fromBytes(bytes: Uint8Array): FieldSketch {
    if (bytes[0] !== FORMAT) throw new CorruptBytes(`field sketch of format ${bytes[0]}; this version reads ${FORMAT}`);
    return new FieldSketch(JSON.parse(inflateRawSync(bytes.subarray(1)).toString()) as FieldSketchJson);
  }
}

interface FieldSketchJson {
  readonly records: number;
  readonly looked: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly people: string;
  readonly distinct: string;
  readonly numbers: QuantilesJson;
  readonly times?: Extremes | undefined;
  readonly lengths?: Extremes | undefined;
  readonly eventTypes: TopValuesJson;
  readonly top?: TopValuesJson;
  readonly unkept: number;
}

const topOf = (capacity: number, json: TopValuesJson | undefined) =>
  json === undefined ? new TopValues(capacity) : TopValues.fromJson(capacity, json);

const widened = (known: Extremes | undefined, value: number): Extremes => ({
  min: Math.min(known?.min ?? value, value),
  max: Math.max(known?.max ?? value, value),
});

function union(one: Extremes | undefined, other: Extremes | undefined): Extremes | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return { min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) };
}
