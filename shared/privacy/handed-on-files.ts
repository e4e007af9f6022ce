/** Files that were made to be handed on or were handed in, as they are without one person. The same text where it is not there. */
import type { ErasedPerson } from './erasure-job.ts';

interface Told {
  readonly subject?: unknown;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * What a destination of files was told. Lines stay, so that whoever reads them later still learns who left what: under the
 * made-up id of the profile, without identities and attributes.
 */
export function withoutPersonInDelivery(text: string, { profileIds }: Pick<ErasedPerson, 'profileIds'>): string {
  if (!profileIds.some((profileId) => text.includes(profileId))) return text;
  const wanted = new Set<unknown>(profileIds);
  return text
    .split('\n')
    .map((line) => {
      const event = line === '' ? {} : (JSON.parse(line) as Told);
      return wanted.has(event.subject) ? bare(event, line) : line;
    })
    .join('\n');
}

function bare(event: Told, line: string): string {
  const { identityMap, attributes, ...data } = event.data ?? {};
  const isBare = attributes === undefined && Object.keys(identityMap ?? {}).length === 0;
  return isBare ? line : JSON.stringify({ ...event, data: { ...data, identityMap: {} } });
}

interface Uploaded {
  /** Absent in those of earlier releases: then an id is anybody's who has it. */
  readonly namespace?: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** Who belongs to an uploaded audience, by identity. */
export function withoutPersonInUpload(text: string, { identities }: Pick<ErasedPerson, 'identities'>): string {
  const upload = JSON.parse(text) as Uploaded;
  const { namespace, members } = upload;
  const named = identities.filter((each) => namespace === undefined || each.namespace === namespace);
  const ids = new Set(named.map(({ id }) => id).filter((id) => Object.hasOwn(members, id)));
  if (ids.size === 0) return text;
  const kept = Object.entries(members).filter(([id]) => !ids.has(id));
  return JSON.stringify({ ...upload, members: Object.fromEntries(kept) });
}
