/**
 * What somebody agreed to, as their profile's `consents` say (XDM "Consents and Preferences"). Who says nothing has not
 * refused. For segments by `OPT_OUT`, which is part of the condition of every definition that asks for it; for delivery by
 * `mayDeliver`.
 */

import { DEFAULT_MERGE, mergeFragments } from './merge-policy.ts';
import type { FragmentValue, ProfileAttributes } from './profile-attributes.ts';

/** Refused, or counted as refused unless they say otherwise. */
const REFUSED: ReadonlySet<unknown> = new Set(['n', 'dn']);

/** Whoever refused one of these is in no segment that leaves out those who opted out. */
const OPT_OUT_PATHS = [
  'consents.collect.val',
  'consents.personalize.content.val',
  'consents.marketing.any.val',
] as const;

const refusedIn = (path: string) => `${path} in ["n", "dn"]`;

/** In PQL: whether the profile opted out. */
export const OPT_OUT: string = OPT_OUT_PATHS.map(refusedIn).join(' or ');

/** The condition that really holds for a definition. */
export const withConsent = (expression: string): string => `(${expression}) and not (${OPT_OUT})`;

/**
 * What something is sent for, and may be refused for: the XDM paths below `consents`. A purpose's place in this list is
 * stored: append only.
 */
export const CONSENT_PURPOSES = [
  'share',
  'personalize.content',
  'marketing.any',
  'marketing.email',
  'marketing.sms',
  'marketing.push',
  'marketing.call',
  'marketing.inApp',
  'marketing.postalMail',
  'marketing.whatsApp',
] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/** What every delivery is, whatever else it is for. */
export const DEFAULT_PURPOSE: ConsentPurpose = 'share';

type Attributes = Readonly<Record<string, unknown>>;

/**
 * Whether something may be sent to, or told of, this person for a purpose. `collect` and `share` refused forbid all of it;
 * a channel's own word stands over that of `marketing.any`.
 */
export function mayDeliver(attributes: Attributes, purpose: ConsentPurpose): boolean {
  const refuses = (each: string) => REFUSED.has(valueAt(attributes, `consents.${each}.val`));
  if (refuses('collect') || refuses('share') || refuses(purpose)) return false;
  const isSaid = valueAt(attributes, `consents.${purpose}.val`) !== undefined;
  return isSaid || !purpose.startsWith('marketing.') || !refuses('marketing.any');
}

const isOfConsent = ({ path }: FragmentValue) => path[0] === 'consents';

/**
 * The purposes that somebody refused. Whoever spoke last is believed, whatever a merge policy prefers otherwise: what one
 * person said of themselves is no matter of which source is the better one.
 */
export function optOutsOf({ fragments }: Pick<ProfileAttributes, 'fragments'>): readonly ConsentPurpose[] {
  if (!fragments.some(({ values }) => values.some(isOfConsent))) return [];
  const said = fragments.map((fragment) => ({ ...fragment, values: fragment.values.filter(isOfConsent) }));
  const attributes = mergeFragments(said, DEFAULT_MERGE);
  return CONSENT_PURPOSES.filter((purpose) => !mayDeliver(attributes, purpose));
}

function valueAt(attributes: Attributes, path: string): unknown {
  let value: unknown = attributes;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Object.hasOwn(value, name) ? (value as Attributes)[name] : undefined;
  }
  return value ?? undefined;
}
