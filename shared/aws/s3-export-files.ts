/** Exports in the bucket, under `exports/`. */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ExportFiles } from '#shared/export/export-files.ts';
import { S3Objects } from './s3-objects.ts';

export const EXPORT_PREFIX = 'exports/';
const NAMES_PER_LISTING = 1_000;

export class S3ExportFiles implements ExportFiles {
  readonly #bucket: string;
  readonly #client: S3Client;
  readonly #objects: S3Objects;

  constructor(bucket: string, client = new S3Client({})) {
    this.#bucket = bucket;
    this.#client = client;
    this.#objects = new S3Objects(bucket, EXPORT_PREFIX, client);
  }

  async put(name: string, Body: Uint8Array, ContentType: string): Promise<void> {
    const object = { Bucket: this.#bucket, Key: `${EXPORT_PREFIX}${name}`, ContentType };
    await this.#client.send(new PutObjectCommand({ ...object, Body }));
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      const object = { Bucket: this.#bucket, Key: `${EXPORT_PREFIX}${name}` };
      const { Body } = await this.#client.send(new GetObjectCommand(object));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async list(folder: string): Promise<readonly string[]> {
    const names: string[] = [];
    let after: string | undefined;
    do {
      const { entries, next } = await this.#objects.list(folder, { after, limit: NAMES_PER_LISTING });
      names.push(...entries.map(({ name }) => name));
      after = next;
    } while (after !== undefined);
    return names;
  }

  async remove(names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#objects.remove(names);
  }
}
