/**
 * What the data sets say about one profile: who it is, and its attributes fragment by fragment.
 *
 * Every value keeps the time of the record that brought it, so that any order of arrival ends in the same fragments,
 * and any merge policy can be applied when it is asked for.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CorruptBytes } from './bytes.ts';
import { type Identity, identityKey } from './identity.ts';
import type { ReceivedProfileRecord } from './profile-record.ts';

/** A value at a path, as one data set last gave it. `null` says that it was taken away. */
export interface FragmentValue {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly timestamp: number;
}

/** What one data set says about one identity. */
export interface ProfileFragment {
  readonly datasetId: string;
  /** `identityKey` of the primary identity of the records; absent in fragments of earlier releases. */
  readonly identity?: string;
  readonly values: readonly FragmentValue[];
}

export interface ProfileAttributes {
  readonly identities: readonly Identity[];
  readonly fragments: readonly ProfileFragment[];
  /** Ids of other profiles under which some of its events are kept: of those that were merged into it, mostly. */
  readonly partitions?: readonly string[];
  /** Its partitions hold events of others, too: its own are those whose primary identity is one of its identities. */
  readonly sharesPartitions?: boolean;
  /** Ids of profiles that an operator took it apart from: links between them are not followed. */
  readonly apart?: readonly string[];
  /** Identities that items named beside its own while nobody was joined: whom it is joined with when that is asked for. */
  readonly named?: readonly Identity[];
  /**
   * When those of its identities that began anew after an erasure were erased, by `identityKey`, epoch milliseconds: what
   * they did no later is not its own, wherever it is still found.
   */
  readonly erased?: Readonly<Record<string, number>>;
}

export const NAMED_IDENTITIES_MAX = 50;

export const NO_ATTRIBUTES: ProfileAttributes = { identities: [], fragments: [] };
const FORMAT = 1;

/** The same bytes for the same content, in whatever order it arrived. */
export function encodeAttributes({ identities, fragments, ...links }: ProfileAttributes): Uint8Array {
  const { partitions = [], sharesPartitions = false, apart = [], named = [], erased = {} } = links;
  const canonical: ProfileAttributes = {
    identities: identities.toSorted(by(identityKey)),
    fragments: fragments.toSorted(by(fragmentKey)).map(({ datasetId, identity, values }) => ({
      datasetId,
      ...(identity === undefined ? {} : { identity }),
      values: values.toSorted(by(({ path }) => JSON.stringify(path))),
    })),
    ...(partitions.length > 0 && { partitions: partitions.toSorted() }),
    ...(sharesPartitions && { sharesPartitions }),
    ...(apart.length > 0 && { apart: apart.toSorted() }),
    ...(named.length > 0 && { named: named.toSorted(by(identityKey)) }),
    ...(Object.keys(erased).length > 0 && {
      erased: Object.fromEntries(Object.entries(erased).sort(by(([key]) => key))),
    }),
  };
  return Buffer.concat([Buffer.from([FORMAT]), deflateRawSync(JSON.stringify(canonical))]);
}

/** Fragments of the same key are one fragment. */
export const fragmentKey = ({ datasetId, identity = '' }: Pick<ProfileFragment, 'datasetId' | 'identity'>): string =>
  JSON.stringify([datasetId, identity]);

const by =
  <Item>(keyOf: (item: Item) => string) =>
  (left: Item, right: Item) => {
    const [a, b] = [keyOf(left), keyOf(right)];
    return a === b ? 0 : a < b ? -1 : 1;
  };

export function decodeAttributes(bytes: Uint8Array): ProfileAttributes {
  if (bytes[0] !== FORMAT) throw new CorruptBytes(`attributes of format ${bytes[0]}; this version reads ${FORMAT}`);
  return JSON.parse(inflateRawSync(bytes.subarray(1)).toString());
}

/** The same object where every identity is known already. */
export function withIdentities(attributes: ProfileAttributes, identities: readonly Identity[]): ProfileAttributes {
  const known = new Set(attributes.identities.map(identityKey));
  const added = identities.filter((identity) => !known.has(identityKey(identity)));
  const all = [...attributes.identities, ...added];
  const before = primaryKey(attributes.identities);
  const primary = primaryKey([...attributes.identities, ...identities]);
  if (added.length === 0 && primary === before) return attributes;
  return {
    ...attributes,
    identities: all.map((identity) => ({ ...identity, primary: identityKey(identity) === primary })),
  };
}

/** The same object where all of them are known already, or there is no room for more. */
export function withNamed(attributes: ProfileAttributes, identities: readonly Identity[]): ProfileAttributes {
  const { named = [] } = attributes;
  const known = new Set([...attributes.identities, ...named].map(identityKey));
  const unknown = identities.filter((identity) => !known.has(identityKey(identity)));
  const added = [...new Map(unknown.map((identity) => [identityKey(identity), identity])).values()];
  const room = Math.max(0, NAMED_IDENTITIES_MAX - named.length);
  if (added.length === 0 || room === 0) return attributes;
  const unflagged = added.map((identity) => ({ ...identity, primary: false }));
  return { ...attributes, named: [...named, ...unflagged].slice(0, named.length + room) };
}

/** The same object where all of that is known already. */
export function withErased(attributes: ProfileAttributes, erased: ProfileAttributes['erased'] = {}): ProfileAttributes {
  const { erased: known = {} } = attributes;
  const newer = Object.entries(erased).filter(([key, at]) => at > (known[key] ?? Number.NEGATIVE_INFINITY));
  return newer.length === 0 ? attributes : { ...attributes, erased: { ...known, ...Object.fromEntries(newer) } };
}

/** Of all that were ever sent as primary the first by key, so that it does not matter which came first. */
function primaryKey(identities: readonly Identity[]): string | undefined {
  return identities
    .filter(({ primary }) => primary)
    .map(identityKey)
    .sort()[0];
}

/** The same object where the record says nothing newer. */
export function withRecord(attributes: ProfileAttributes, record: ReceivedProfileRecord): ProfileAttributes {
  const { datasetId, timestamp, identities } = record;
  const [primary] = identities;
  const values = [...valuesOf(record.attributes, [])].map(([path, value]) => ({ path, value, timestamp }));
  return withFragment(attributes, { datasetId, ...(primary && { identity: identityKey(primary) }), values });
}

/** The same object where the fragment says nothing newer. */
export function withFragment(attributes: ProfileAttributes, added: ProfileFragment): ProfileAttributes {
  const isSame = (known: ProfileFragment) => fragmentKey(known) === fragmentKey(added);
  const byPath = new Map(
    attributes.fragments.find(isSame)?.values.map((entry) => [JSON.stringify(entry.path), entry] as const),
  );
  let changed = false;
  for (const value of added.values) {
    const key = JSON.stringify(value.path);
    if (isStronger(value, byPath.get(key))) {
      byPath.set(key, value);
      changed = true;
    }
  }
  if (!changed) return attributes;
  const others = attributes.fragments.filter((known) => !isSame(known));
  return { ...attributes, fragments: [...others, { ...added, values: [...byPath.values()] }] };
}

function* valuesOf(value: unknown, path: readonly string[]): Generator<readonly [readonly string[], unknown]> {
  const isBranch =
    value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;
  if (!isBranch) {
    if (path.length > 0) yield [path, value];
    return;
  }
  for (const [key, child] of Object.entries(value)) yield* valuesOf(child, [...path, key]);
}

/** Two records of one time are told apart by what they say, never by which came first. */
function isStronger(candidate: FragmentValue, known: FragmentValue | undefined): boolean {
  if (known === undefined || candidate.timestamp !== known.timestamp) {
    return known === undefined || candidate.timestamp > known.timestamp;
  }
  return JSON.stringify(candidate.value) > JSON.stringify(known.value);
}
