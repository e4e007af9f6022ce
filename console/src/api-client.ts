/** The HTTP API as the console calls it, typed by the schemas that the service validates with. */
import type { ListChanges } from '#shared/api/changes.ts';
import type { DestinationResource } from '#shared/api/destinations.ts';
import type { CreatePreview, EstimateResource, PreviewPage, PreviewResource } from '#shared/api/previews.ts';
import type { ProblemBody } from '#shared/api/problem.ts';
import type { EventTypeList, FieldList, FieldResource } from '#shared/api/schemas.ts';
import type {
  CreateSegmentDefinition,
  PatchSegmentDefinition,
  SegmentDefinitionList,
  SegmentDefinitionResource,
} from '#shared/api/segment-definitions.ts';
import type { Session } from './app/sign-in.ts';

const BASE_PATH = '/data/core/ups';
const LIST_LIMIT = 500;

/** What the API answered instead of what was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** `urn:shoal:problem:` is left out; `unreadable` for an answer that is no problem document. */
  readonly code: string;
  readonly problem: ProblemBody | undefined;

  constructor(status: number, problem: ProblemBody | undefined) {
    super(problem?.detail ?? `status ${status}`);
    this.status = status;
    this.problem = problem;
    this.code = problem?.type?.replace('urn:shoal:problem:', '') ?? 'unreadable';
  }
}

/** Nothing answered: no network, or no service. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError';
}

export interface ApiSettings {
  readonly apiUrl: string;
  readonly sandbox: string;
  readonly session: Session;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal | undefined;
  readonly ifMatch?: string | undefined;
  readonly keepalive?: boolean;
}

export interface Tagged<Value> {
  readonly value: Value;
  readonly etag: string | undefined;
}

export class ApiClient {
  readonly #settings: ApiSettings;

  constructor(settings: ApiSettings) {
    this.#settings = settings;
  }

  get sandbox(): string {
    return this.#settings.sandbox;
  }

  async request<Answer>(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    return (await this.requestTagged<Answer>(method, path, options)).value;
  }

  async requestTagged<Answer>(method: string, path: string, options: RequestOptions = {}): Promise<Tagged<Answer>> {
    const response = await this.#send(method, path, options);
    if (response.status === 401) this.#settings.session.refused();
    const text = await response.text();
    if (!response.ok) throw new ApiError(response.status, parseProblem(text));
    const value = (text === '' ? undefined : JSON.parse(text)) as Answer;
    return { value, etag: response.headers.get('etag') ?? undefined };
  }

  async #send(method: string, path: string, options: RequestOptions): Promise<Response> {
    const { apiUrl, sandbox, session } = this.#settings;
    const { body, query = {}, signal, ifMatch, keepalive } = options;
    const given = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
    const search =
      given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
    const headers = {
      authorization: `Bearer ${await session.token()}`,
      'x-sandbox-name': sandbox,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    };
    try {
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return await fetch(`${apiUrl}${BASE_PATH}${path}${search}`, {
        ...init,
        ...(signal === undefined ? {} : { signal }),
        ...(keepalive === undefined ? {} : { keepalive }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new OfflineError('nothing answered', { cause: error });
    }
  }

  /** All definitions, newest edit first, page by page. */
  async listSegments(signal?: AbortSignal): Promise<readonly SegmentDefinitionResource[]> {
    const segments: SegmentDefinitionResource[] = [];
    for (let total = 1; segments.length < total; ) {
      const query = { start: segments.length, limit: LIST_LIMIT, sort: 'updateTime:desc' };
      const page = await this.request<SegmentDefinitionList>('GET', '/segment/definitions', { query, signal });
      segments.push(...page.segments);
      if (page.segments.length === 0) break;
      total = page.page.totalCount;
    }
    return segments;
  }

  findSegment(id: string, signal?: AbortSignal): Promise<Tagged<SegmentDefinitionResource>> {
    return this.requestTagged('GET', `/segment/definitions/${encodeURIComponent(id)}`, { signal });
  }

  createSegment(body: CreateSegmentDefinition): Promise<Tagged<SegmentDefinitionResource>> {
    return this.requestTagged('POST', '/segment/definitions', { body });
  }

  changeSegment(
    id: string,
    body: PatchSegmentDefinition,
    ifMatch?: string,
  ): Promise<Tagged<SegmentDefinitionResource>> {
    return this.requestTagged('PATCH', `/segment/definitions/${encodeURIComponent(id)}`, { body, ifMatch });
  }

  deleteSegment(id: string): Promise<void> {
    return this.request('DELETE', `/segment/definitions/${encodeURIComponent(id)}`);
  }

  /** Declared and observed fields, of people and of events, page by page. */
  async listFields(signal?: AbortSignal): Promise<readonly FieldResource[]> {
    const fields: FieldResource[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const query = { limit: LIST_LIMIT, after };
      const page = await this.request<FieldList>('GET', '/schemas/fields', { query, signal });
      fields.push(...page.fields);
      after = page.page.next;
      more = after !== undefined;
    }
    return fields;
  }

  async listDestinations(signal?: AbortSignal): Promise<readonly DestinationResource[]> {
    return (
      await this.request<{ readonly children: readonly DestinationResource[] }>('GET', '/destinations', { signal })
    ).children;
  }

  listEventTypes(signal?: AbortSignal): Promise<EventTypeList> {
    return this.request('GET', '/schemas/eventTypes', { signal });
  }

  createPreview(body: Partial<CreatePreview>, signal?: AbortSignal): Promise<PreviewResource> {
    return this.request('POST', '/preview', { body, signal });
  }

  estimate(previewId: string, signal?: AbortSignal): Promise<EstimateResource> {
    return this.request('GET', `/estimate/${encodeURIComponent(previewId)}`, { signal });
  }

  samplePreview(
    previewId: string,
    query: { readonly offset?: number; readonly limit?: number; readonly sample?: 'match' | 'enter' | 'leave' },
    signal?: AbortSignal,
  ): Promise<PreviewPage> {
    return this.request('GET', `/preview/${encodeURIComponent(previewId)}`, { query, signal });
  }

  endPreview(previewId: string): Promise<void> {
    return this.request('DELETE', `/preview/${encodeURIComponent(previewId)}`);
  }

  listChanges(after: string | undefined, limit: number, signal?: AbortSignal): Promise<ListChanges> {
    return this.request('GET', '/changes', { query: { after, limit }, signal });
  }
}

function parseProblem(text: string): ProblemBody | undefined {
  try {
    return JSON.parse(text) as ProblemBody;
  } catch {
    return undefined;
  }
}
