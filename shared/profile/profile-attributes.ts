/**
 * What the data sets say about one profile: who it is, and its attributes fragment by fragment.
 *
 * Every value keeps the time of the record that brought it, so that any order of arrival ends in the same fragments,
 * and any merge policy can be applied when it is asked for.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CorruptBytes } from './bytes.ts';
import type { Identity } from './identity.ts';
import type { ReceivedProfileRecord } from './profile-record.ts';

/** A value at a path, as one data set last gave it. `null` says that it was taken away. */
export interface FragmentValue {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly timestamp: number;
}

export interface ProfileFragment {
  readonly datasetId: string;
  readonly values: readonly FragmentValue[];
}

export interface ProfileAttributes {
  readonly identities: readonly Identity[];
  readonly fragments: readonly ProfileFragment[];
}

export const NO_ATTRIBUTES: ProfileAttributes = { identities: [], fragments: [] };
const FORMAT = 1;

export function encodeAttributes(attributes: ProfileAttributes): Uint8Array {
  return Buffer.concat([Buffer.from([FORMAT]), deflateRawSync(JSON.stringify(attributes))]);
}

export function decodeAttributes(bytes: Uint8Array): ProfileAttributes {
  if (bytes[0] !== FORMAT) throw new CorruptBytes(`attributes of format ${bytes[0]}; this version reads ${FORMAT}`);
  return JSON.parse(inflateRawSync(bytes.subarray(1)).toString());
}

/** The same object where every identity is known already. */
export function withIdentities(attributes: ProfileAttributes, identities: readonly Identity[]): ProfileAttributes {
  const isKnown = ({ namespace, id }: Identity) =>
    attributes.identities.some((known) => known.namespace === namespace && known.id === id);
  const added = identities.filter((identity) => !isKnown(identity));
  if (added.length === 0) return attributes;
  const hasPrimary = attributes.identities.some(({ primary }) => primary);
  const joined = hasPrimary ? added.map((identity) => ({ ...identity, primary: false })) : added;
  return { ...attributes, identities: [...attributes.identities, ...joined] };
}

/** The same object where the record says nothing newer. */
export function withRecord(attributes: ProfileAttributes, record: ReceivedProfileRecord): ProfileAttributes {
  const { datasetId, timestamp } = record;
  const fragment = attributes.fragments.find((known) => known.datasetId === datasetId) ?? { datasetId, values: [] };
  const byPath = new Map(fragment.values.map((entry) => [JSON.stringify(entry.path), entry]));
  let changed = false;
  for (const [path, value] of valuesOf(record.attributes, [])) {
    const key = JSON.stringify(path);
    if (isStronger({ path, value, timestamp }, byPath.get(key))) {
      byPath.set(key, { path, value, timestamp });
      changed = true;
    }
  }
  if (!changed) return attributes;
  const others = attributes.fragments.filter((known) => known.datasetId !== datasetId);
  return { ...attributes, fragments: [...others, { datasetId, values: [...byPath.values()] }] };
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
