/** What whoever uploads an audience says of where it comes from, in the fields of the published API. */
import * as z from 'zod';
import type { AudienceOrigin, SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { authoredLine } from './authored-text.ts';
import { Problem } from './problem.ts';

const reference = authoredLine(200);

export const originFields = {
  /** The uploader's own id; of an audience that has an expression its `id`. */
  audienceId: reference.optional(),
  namespace: reference.optional(),
  originName: reference.optional(),
  datasetId: reference.optional(),
  /** Ids by which other systems know it. */
  linkedAudienceRef: z.record(z.string().max(100), reference).optional(),
} as const;

type OriginFields = { readonly [Field in keyof AudienceOrigin]?: AudienceOrigin[Field] | undefined };

const NAMES = Object.keys(originFields) as readonly (keyof AudienceOrigin)[];

/** Undefined where nothing is said. */
export function originIn(body: OriginFields): AudienceOrigin | undefined {
  const said = NAMES.filter((name) => body[name] !== undefined).map((name) => [name, body[name]] as const);
  return said.length === 0 ? undefined : (Object.fromEntries(said) as AudienceOrigin);
}

export const withoutOrigin = <Body extends OriginFields>(body: Body): Omit<Body, keyof AudienceOrigin> =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !NAMES.includes(name as keyof AudienceOrigin))) as never;

/** By type: where the original says that an audience comes from, and the namespace of its memberships. */
const USUAL = {
  defined: { originName: 'REAL_TIME_CUSTOMER_PROFILE', namespace: 'AEPSegments' },
  external: { originName: 'CUSTOM_UPLOAD', namespace: 'CustomerAudienceUpload' },
} as const;

export const NAMESPACES = [USUAL.defined.namespace, USUAL.external.namespace] as const;

type Described = Pick<SegmentDefinition, 'id' | 'kind' | 'origin'>;

/** As every audience shows it, said or not. */
export const shownOrigin = ({ id, kind, origin }: Described) => ({
  audienceId: id as string,
  ...USUAL[kind === 'external' ? 'external' : 'defined'],
  ...origin,
});

/** Of one that an expression makes everything is known: another value would be forgotten, so it is refused. */
export function requireOwnOrigin(body: OriginFields, own: Pick<AudienceOrigin, 'audienceId'>): void {
  const known: OriginFields = { ...USUAL.defined, ...own };
  const mistakes = NAMES.filter((name) => body[name] !== undefined && body[name] !== known[name]).map((name) => ({
    pointer: `/${name}`,
    message: known[name] === undefined ? 'is of audiences that are uploaded' : `is ${known[name]} and stays so`,
  }));
  if (mistakes.length === 0) return;
  throw new Problem('invalid-request', 'An audience that has an expression comes from here.', { mistakes });
}
