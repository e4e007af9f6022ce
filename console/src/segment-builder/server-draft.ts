/** The draft beside a rule that is live: what is live stays as it is until the draft is published, all of it or nothing. */
import type { DraftResource } from '#shared/api/segment-versions.ts';
import { type ApiClient, ApiError } from '../api-client.ts';
import type { Segment } from '../segments/find-segments.ts';

export interface ServerDraft {
  readonly name: string | undefined;
  readonly text: string | undefined;
  /** Of its definition, when it was begun. */
  readonly basedOnVersion: number;
  readonly etag: string | undefined;
}

interface Words {
  readonly name: string;
  readonly text: string;
}

/** What has been live is never a draft again: it has one beside it. */
export const takesDraftBeside = (segment: Segment | undefined): segment is Segment =>
  segment !== undefined && segment.lifecycleState !== 'draft';

const pathOf = (id: string) => `/segment/definitions/${encodeURIComponent(id)}/draft`;

export async function readServerDraft(api: ApiClient, id: string, signal?: AbortSignal): Promise<ServerDraft | null> {
  try {
    const { value, etag } = await api.requestTagged<DraftResource>('GET', pathOf(id), { signal });
    const { name, expression, basedOnVersion } = value;
    return { name, text: expression?.value, basedOnVersion, etag };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export async function saveServerDraft(
  api: ApiClient,
  id: string,
  { name, text }: Words,
  { etag, basedOnVersion }: { readonly etag?: string | undefined; readonly basedOnVersion?: number | undefined },
): Promise<ServerDraft> {
  const body = {
    name: name.trim(),
    expression: { type: 'PQL', format: 'pql/text', value: text },
    ...(basedOnVersion === undefined ? {} : { basedOnVersion }),
  };
  const saved = await api.requestTagged<DraftResource>('PUT', pathOf(id), { body, ifMatch: etag });
  return { name, text, basedOnVersion: saved.value.basedOnVersion, etag: saved.etag };
}

/** Refused with 412 where somebody else changed the definition since the draft was begun. */
export const publishServerDraft = (api: ApiClient, id: string, draft: ServerDraft, note: string): Promise<Segment> =>
  api.request('POST', `${pathOf(id)}/publish`, { body: note === '' ? {} : { note }, ifMatch: draft.etag });

export const dropServerDraft = (api: ApiClient, id: string): Promise<void> => api.request('DELETE', pathOf(id));
