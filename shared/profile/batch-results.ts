/**
 * What batch jobs found out about one profile: item `B` beside the live state, which only they write.
 *
 * Every entry bears the instant of the job that found it, and a newer one takes its place whatever the order of arrival.
 *
 * Layout of format 1 (integers are LEB128):
 *
 *     format
 *     segments: count of groups of one job and answer · (at, rulesVersion × 2 + qualifies, members, (difference of the ordinal)*)*
 *     external: count · (difference of the ordinal, at, signed validUntil − at)*
 *     scores:   count · (instance id, score, or since when there is none, as JSON text)*
 */
import { ByteReader, ByteWriter, CorruptBytes } from './bytes.ts';

/** What a job found of a definition that is evaluated by schedule only. */
export interface ScheduledResult {
  readonly qualifies: boolean;
  /** The instant of the evaluation, epoch milliseconds. */
  readonly at: number;
  /** Of the rules that the job evaluated by: a result of older rules says nothing of a definition changed since. */
  readonly rulesVersion: number;
}

/** A membership that somebody else decided. It holds until `validUntil`, not then; taken away, it held until `at`. */
export interface ExternalMembership {
  /** When it was said, epoch milliseconds. */
  readonly at: number;
  readonly validUntil: number;
}

/** One influence on a score, the strongest first. */
export interface PropensityFactor {
  /** Of the feature. */
  readonly name: string;
  /** Whether it raises or lowers this person's score, against an average person. */
  readonly direction: 'raises' | 'lowers';
  /** By thirds of the contributions found over the population. */
  readonly importance: 'low' | 'medium' | 'high';
  /** To the log odds. */
  readonly contribution: number;
  /** What this person has of the feature. */
  readonly value: string | number | null;
}

export interface PropensityScore {
  /** 0 to 100; 50 is the average of those whom the model was trained on. */
  readonly score: number;
  /** Of the outcome within the window, calibrated. */
  readonly probability: number;
  /** 1 to 100, among all that were scored. */
  readonly percentile: number;
  readonly bucket: 'low' | 'medium' | 'high';
  /** The instant of the job, epoch milliseconds. */
  readonly scoredAt: number;
  readonly factors: readonly PropensityFactor[];
}

export interface BatchResults {
  /** By ordinal. */
  readonly segments: ReadonlyMap<number, ScheduledResult>;
  /** By ordinal. */
  readonly external: ReadonlyMap<number, ExternalMembership>;
  /** By the id of the propensity instance. */
  readonly scores: ReadonlyMap<string, PropensityScore>;
  /** Scores that were taken away, by instance, and when: whoever was late with an older one doesn't bring it back. */
  readonly unscored: ReadonlyMap<string, number>;
}

export const NO_BATCH_RESULTS: BatchResults = {
  segments: new Map(),
  external: new Map(),
  scores: new Map(),
  unscored: new Map(),
};
const FORMAT = 1;

/** Of each entry the newer one; of two of one instant always the same one, whichever is there first. */
export function mergeBatchResults(known: BatchResults, added: BatchResults): BatchResults {
  return {
    segments: newerOf(known.segments, added.segments, ({ at }) => at),
    external: newerOf(known.external, added.external, ({ at }) => at),
    ...newerScores(known, added),
  };
}

/** A score and its absence exclude each other: the newer of the two stands. */
function newerScores(known: BatchResults, added: BatchResults): Pick<BatchResults, 'scores' | 'unscored'> {
  const before = answersOf(known);
  const merged = newerOf(before, answersOf(added), ({ at }) => at);
  if (merged === before) return { scores: known.scores, unscored: known.unscored };
  const all = [...merged];
  return {
    scores: new Map(all.flatMap(([id, { score }]) => (score === undefined ? [] : [[id, score]]))),
    unscored: new Map(all.flatMap(([id, { at, score }]) => (score === undefined ? [[id, at]] : []))),
  };
}

interface Answer {
  readonly at: number;
  readonly score?: PropensityScore;
}

const answersOf = ({ scores, unscored }: BatchResults): ReadonlyMap<string, Answer> =>
  new Map<string, Answer>([
    ...[...unscored].map(([id, at]) => [id, { at }] as const),
    ...[...scores].map(([id, score]) => [id, { at: score.scoredAt, score }] as const),
  ]);

/** The same object where nothing added is newer. */
function newerOf<Key, Entry>(
  known: ReadonlyMap<Key, Entry>,
  added: ReadonlyMap<Key, Entry>,
  timeOf: (entry: Entry) => number,
): ReadonlyMap<Key, Entry> {
  const isNewer = ([key, entry]: readonly [Key, Entry]) => {
    const before = known.get(key);
    if (before === undefined || timeOf(entry) !== timeOf(before)) {
      return before === undefined || timeOf(entry) > timeOf(before);
    }
    return JSON.stringify(entry) > JSON.stringify(before);
  };
  const newer = [...added].filter(isNewer);
  return newer.length === 0 ? known : new Map([...known, ...newer]);
}

/** The same bytes for the same content, in whatever order it arrived. */
export function encodeBatchResults({ segments, external, scores, unscored }: BatchResults): Uint8Array {
  const writer = new ByteWriter().byte(FORMAT);
  writeSegments(writer, segments);
  writeExternal(writer, external);
  const answers = [
    ...[...scores].map(([id, score]) => [id, JSON.stringify(canonical(score))] as const),
    ...[...unscored].map(([id, unscoredSince]) => [id, JSON.stringify({ unscoredSince })] as const),
  ].sort(([left], [right]) => (left < right ? -1 : 1));
  writer.varint(answers.length);
  for (const [instanceId, answer] of answers) writer.text(instanceId).text(answer);
  return writer.finish();
}

const canonical = ({
  score,
  probability,
  percentile,
  bucket,
  scoredAt,
  factors,
}: PropensityScore): PropensityScore => ({
  score,
  probability,
  percentile,
  bucket,
  scoredAt,
  factors: factors.map(({ name, direction, importance, contribution, value }) => ({
    name,
    direction,
    importance,
    contribution,
    value,
  })),
});

const byOrdinal = <Entry>(entries: ReadonlyMap<number, Entry>) => [...entries].sort(([left], [right]) => left - right);

/** A job decides many definitions at once, so its instant is written once for those of one answer. */
function writeSegments(writer: ByteWriter, segments: BatchResults['segments']): void {
  const groups = new Map<string, { readonly result: ScheduledResult; readonly ordinals: number[] }>();
  for (const [ordinal, result] of byOrdinal(segments)) {
    const key = `${result.at} ${result.rulesVersion} ${result.qualifies}`;
    const group = groups.get(key);
    if (group) group.ordinals.push(ordinal);
    else groups.set(key, { result, ordinals: [ordinal] });
  }
  writer.varint(groups.size);
  for (const { result, ordinals } of groups.values()) {
    writer.varint(result.at).varint(result.rulesVersion * 2 + (result.qualifies ? 1 : 0));
    writer.varint(ordinals.length);
    let previous = 0;
    for (const ordinal of ordinals) {
      writer.varint(ordinal - previous);
      previous = ordinal;
    }
  }
}

function writeExternal(writer: ByteWriter, external: BatchResults['external']): void {
  let previous = 0;
  writer.varint(external.size);
  for (const [ordinal, { at, validUntil }] of byOrdinal(external)) {
    writer
      .varint(ordinal - previous)
      .varint(at)
      .signed(validUntil - at);
    previous = ordinal;
  }
}

/** Throws `CorruptBytes` where the bytes are of no format that this version reads. */
export function decodeBatchResults(bytes: Uint8Array): BatchResults {
  const reader = new ByteReader(bytes);
  const format = reader.byte();
  if (format !== FORMAT) throw new CorruptBytes(`batch results of format ${format}; this version reads ${FORMAT}`);
  const segments = readSegments(reader);
  const external = readExternal(reader);
  const { scores, unscored } = readScores(reader);
  if (!reader.done) throw new CorruptBytes('bytes are left over behind the batch results');
  return { segments, external, scores, unscored };
}

function readScores(reader: ByteReader): Pick<BatchResults, 'scores' | 'unscored'> {
  const scores = new Map<string, PropensityScore>();
  const unscored = new Map<string, number>();
  for (let count = reader.varint(); count > 0; count--) {
    const instanceId = reader.text();
    const answer = JSON.parse(reader.text()) as PropensityScore | { readonly unscoredSince: number };
    if ('unscoredSince' in answer) unscored.set(instanceId, answer.unscoredSince);
    else scores.set(instanceId, answer);
  }
  return { scores, unscored };
}

function readSegments(reader: ByteReader): BatchResults['segments'] {
  const segments = new Map<number, ScheduledResult>();
  for (let groups = reader.varint(); groups > 0; groups--) {
    const at = reader.varint();
    const head = reader.varint();
    const result = { qualifies: head % 2 === 1, at, rulesVersion: Math.floor(head / 2) };
    let ordinal = 0;
    for (let count = reader.varint(); count > 0; count--) {
      ordinal += reader.varint();
      segments.set(ordinal, result);
    }
  }
  return new Map(byOrdinal(segments));
}

function readExternal(reader: ByteReader): BatchResults['external'] {
  const external = new Map<number, ExternalMembership>();
  let ordinal = 0;
  for (let count = reader.varint(); count > 0; count--) {
    ordinal += reader.varint();
    const at = reader.varint();
    external.set(ordinal, { at, validUntil: at + reader.signed() });
  }
  return external;
}

/** Scores as expressions read them: `propensity.<instance id>.score`. */
export function propensityTree({ scores }: BatchResults): Readonly<Record<string, unknown>> {
  return Object.assign(Object.create(null), Object.fromEntries(scores));
}
