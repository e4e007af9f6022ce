/** A page of those whom a preview found. Only ids are kept with it: who they are is read when somebody asks. */

import { BASE_PATH } from '#shared/api/operation.ts';
import type { GetPreviewQuery, PreviewPage } from '#shared/api/previews.ts';
import type { Preview } from '#shared/preview/preview.ts';
import type { Identity } from '#shared/profile/identity.ts';
import { decodeAttributes } from '#shared/profile/profile-attributes.ts';
import { profileKeyText } from '#shared/profile/profile-store.ts';
import type { PreviewPorts } from './ports.ts';
import { previewIdOf } from './preview-id.ts';

export async function toSample(
  preview: Preview,
  { offset, limit, sample }: GetPreviewQuery,
  { profiles }: Pick<PreviewPorts, 'profiles'>,
): Promise<PreviewPage> {
  const all = sampleOf(preview, sample);
  const shown = all.slice(offset, offset + limit).map((profileId) => ({ sandboxName: preview.sandboxName, profileId }));
  const stored = await profiles.read(shown);
  const results = shown.flatMap((key) => {
    const attributes = stored.get(profileKeyText(key))?.attributes;
    return stored.has(profileKeyText(key)) ? [toResult(key.profileId, attributes)] : [];
  });
  const previewId = previewIdOf(preview.id);
  const next = new URLSearchParams({ offset: String(offset + limit), limit: String(limit), sample });
  return {
    previewId,
    state: preview.state,
    page: { offset, limit, size: results.length, totalCount: all.length },
    link: offset + limit < all.length ? `${BASE_PATH}/preview/${previewId}?${next}` : null,
    results,
  };
}

function sampleOf({ tally: { sample, change } }: Preview, which: GetPreviewQuery['sample']): readonly string[] {
  if (which === 'match') return sample;
  return (which === 'enter' ? change?.entering : change?.leaving) ?? [];
}

function toResult(objectId: string, attributes: Uint8Array | undefined): PreviewPage['results'][number] {
  const { identities } = attributes === undefined ? { identities: [] } : decodeAttributes(attributes);
  const first = identities.find(({ primary }) => primary) ?? identities[0];
  return {
    objectId,
    _href: first === undefined ? null : hrefOf(first),
    relatedObjects: identities.map((identity) => ({
      objectId: identity.id,
      namespaceId: identity.namespace,
      _href: hrefOf(identity),
    })),
  };
}

const hrefOf = ({ namespace, id }: Identity) =>
  `${BASE_PATH}/access/entities?${new URLSearchParams({ entityId: id, entityIdNS: namespace })}`;
