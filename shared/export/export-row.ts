/** One profile as a row of an export: whether it is asked for, and its values by column. */
import type { ColumnType, ExportSpecification } from '#shared/batch/export-specification.ts';
import { NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { DEFAULT_PURPOSE, optOutsOf } from '#shared/profile/consent.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { type Identity, toIdentityMap } from '#shared/profile/identity.ts';
import { mergeFragments } from '#shared/profile/merge-policy.ts';
import type { Membership } from '#shared/profile/profile-state.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { computedValues } from '#shared/segment/computed-values.ts';
import type { LoadedProfile } from '#shared/segment/loaded-profile.ts';
import { payloadOf } from '#shared/segment/membership-payload.ts';
import type { Cell, Row } from './encode-rows.ts';
import { PROFILE_ID, SEGMENT_MEMBERSHIP } from './export-columns.ts';

export interface ExportedProfile {
  readonly profileId: string;
  readonly loaded: LoadedProfile;
  readonly memberships: ReadonlyMap<number, Membership>;
}

export interface ExportContext {
  readonly specification: ExportSpecification;
  readonly rules: CompiledRules;
  /** Of the definitions that the export is about. */
  readonly ordinals: ReadonlyMap<string, number>;
  readonly asOf: number;
}

/** Whether somebody is asked for, by what is known without their events. */
export function isAskedFor({ loaded, memberships }: ExportedProfile, context: ExportContext): boolean {
  const { segments, changedSince, emptyProfiles } = context.specification;
  if (changedSince !== undefined && loaded.state.evaluatedAt < changedSince) return false;
  if (segments === undefined) return emptyProfiles || loaded.attributes.fragments.length > 0;
  return segments.some(({ segmentId, statuses }) => {
    const membership = memberships.get(context.ordinals.get(segmentId) ?? -1);
    return membership !== undefined && statuses.includes(membership.status) && isInTime(membership, context);
  });
}

/** Whether somebody refuses what the export is for, whoever said so last. */
export const isRefused = ({ loaded }: ExportedProfile, { specification }: ExportContext): boolean =>
  optOutsOf(loaded.attributes).includes(specification.consentPurpose ?? DEFAULT_PURPOSE);

function isInTime({ lastQualificationTime }: Membership, { specification }: ExportContext): boolean {
  const { qualifiedFrom = Number.NEGATIVE_INFINITY, qualifiedUntil = Number.POSITIVE_INFINITY } = specification;
  return lastQualificationTime >= qualifiedFrom && lastQualificationTime < qualifiedUntil;
}

export const readsEvents = ({ columns }: ExportSpecification): boolean =>
  columns.some(({ name }) => name.startsWith('computed.'));

/** `mismatch` is told of each value that is not of its column's type, and comes as none. */
export function rowOf(
  profile: ExportedProfile,
  events: readonly StoredEvent[],
  context: ExportContext,
  mismatch: (column: string) => void,
): Row {
  const values = valuesOf(profile, events, context);
  return context.specification.columns.map(({ name, type }) => {
    const [first, second, ...more] = name.split('.');
    const value =
      first === 'identityMap' && second !== undefined && more.length === 0
        ? identityIn(profile.loaded.attributes.identities, second)
        : at(values, name.split('.'));
    if (value === undefined || value === null) return null;
    const cell = cellOf(value, type);
    if (cell === null) mismatch(name);
    return cell;
  });
}

function valuesOf(profile: ExportedProfile, events: readonly StoredEvent[], context: ExportContext): object {
  const { specification, rules, asOf: now } = context;
  const { attributes, batch = NO_BATCH_RESULTS } = profile.loaded;
  const merge = rules.mergeBy(specification.mergePolicyId);
  const names = new Set(specification.columns.map(({ name }) => name.split('.')[0]));
  return {
    ...mergeFragments(attributes.fragments, merge),
    [PROFILE_ID]: profile.profileId,
    identityMap: names.has('identityMap') ? toIdentityMap(attributes.identities) : null,
    [SEGMENT_MEMBERSHIP]: names.has(SEGMENT_MEMBERSHIP) ? membershipsOf(profile, context) : null,
    propensity: Object.fromEntries(batch.scores),
    computed: readsEvents(specification)
      ? computedValues(rules.computed, { profile: profileView(attributes, batch).by(merge), events, now })
      : null,
  };
}

/** The primary one of a namespace, else its first. */
const identityIn = (identities: readonly Identity[], namespace: string) =>
  (
    identities.find((identity) => identity.primary && identity.namespace === namespace) ??
    identities.find((identity) => identity.namespace === namespace)
  )?.id;

function membershipsOf({ memberships, loaded: { batch } }: ExportedProfile, { ordinals, rules }: ExportContext) {
  return Object.fromEntries(
    [...ordinals].flatMap(([id, ordinal]) => {
      const membership = memberships.get(ordinal);
      if (membership === undefined) return [];
      const { status, lastQualificationTime } = membership;
      const definition = rules.byOrdinal.get(ordinal);
      const payload = definition && payloadOf(definition, membership, batch);
      const shown = { status, lastQualificationTime: new Date(lastQualificationTime).toISOString() };
      return [[id, { ...shown, ...(payload && { payload }) }]];
    }),
  );
}

/** A path through lists gives what each of them has. */
function at(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => at(item, path)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  return at((value as Readonly<Record<string, unknown>>)[name], rest);
}

function cellOf(value: unknown, type: ColumnType): Cell {
  if (type === 'json') return value as Cell;
  if (type === 'text') return typeof value === 'string' ? value : null;
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  if (type === 'integer') return Number.isSafeInteger(value) ? (value as number) : null;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
