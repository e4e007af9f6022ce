/** `/export/jobs` over people that streaming evaluation wrote, with a loop in place of the state machine. */
import { exportsApi } from '#functions/exports-api/exports-api.ts';
import { exportFiles, exportJobResource } from '#shared/api/exports.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import type { FieldSchema } from '#shared/schema/field-schema.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { buildRules, type RulesChange } from '#shared/segment/rules.ts';
import { BatchWorld } from './batch-world.ts';
import { memoryGuard } from './change-guards.ts';
import { httpRequest } from './http-requests.ts';

const BASE = '/data/core/ups/export/jobs';

export class ExportsWorld extends BatchWorld {
  readonly guard = memoryGuard();
  /** What the sandbox declares of a profile, beside the default. */
  extension: FieldSchema = { type: 'object', properties: {} };
  #ids = 0;

  publish(change: RulesChange): void {
    this.artifact = buildRules(this.artifact, change);
    this.rules = compileRules(this.artifact);
  }

  ask(method: string, parts: Partial<HttpRequest> & { readonly path?: string } = {}) {
    const { path = parts.pathParameters ? '/{id}' : '', ...request } = parts;
    const { jobs, files, exports } = this;
    const schema = { name: 'profile', version: 1, extension: this.extension, updateTime: 0 } as const;
    const ports = {
      ...{ jobs, files, exports, location: 's3://bucket/exports/' },
      rules: { current: async () => this.rules },
      schemas: { find: async () => ({ profile: schema }) },
      executions: {
        start: async ({ jobId, attempt }: { jobId: string; attempt: number }) => {
          this.started.push(`${jobId}-${attempt}`);
        },
      },
      newId: () => 1_000 + ++this.#ids,
      now: () => this.now,
    };
    const routeKey = `${method} ${BASE}${path}`;
    return exportsApi(ports, this.guard)(httpRequest({ roles: ['publisher'], ...request, routeKey }));
  }

  async start(body: object): Promise<string> {
    return String(exportJobResource.parse((await this.ask('POST', { body })).body).id);
  }

  async read(id: string) {
    return exportJobResource.parse((await this.ask('GET', { pathParameters: { id } })).body);
  }

  async manifestOf(id: string) {
    return exportFiles.parse((await this.ask('GET', { path: '/{id}/files', pathParameters: { id } })).body);
  }

  /** The whole of an export: its manifest, and the bytes of each of its files. */
  async export(body: object) {
    const id = await this.start(body);
    await this.run({ sandboxName: 'prod', kind: 'export', jobId: id });
    const manifest = await this.manifestOf(id);
    const folder = manifest.location.slice('s3://bucket/exports/'.length);
    const files = manifest.files.map(({ name }) => this.exports.contents.get(`${folder}${name}`) as Uint8Array);
    return { id, manifest, folder, files };
  }

  async rows(body: object): Promise<readonly Record<string, unknown>[]> {
    const { files } = await this.export({ destination: { format: 'jsonl' }, ...body });
    const lines = files.flatMap((file) => new TextDecoder().decode(file).split('\n').slice(0, -1));
    return lines.map((line) => JSON.parse(line));
  }
}
