/** Batches that a mapping gave up, where Lambda writes them. Ids are what follows the prefix: mapping, shard, date, name. */
import { S3Client } from '@aws-sdk/client-s3';
import type { FailedBatch, FailedBatches, Page, PageRequest } from '#shared/profile/set-aside.ts';
import { S3Objects } from './s3-objects.ts';

export class S3FailedBatches implements FailedBatches {
  readonly #objects: S3Objects;

  constructor(bucket: string, client = new S3Client({})) {
    this.#objects = new S3Objects(bucket, 'aws/lambda/', client);
  }

  async list(page: PageRequest): Promise<Page<FailedBatch>> {
    const { entries, next } = await this.#objects.list('', page);
    const texts = await this.#objects.readAll(entries.map(({ name }) => name));
    return { entries: texts.map(([id, text]) => ({ id, text })), next };
  }

  async find(id: string): Promise<FailedBatch | undefined> {
    const text = await this.#objects.read(id);
    return text === undefined ? undefined : { id, text };
  }

  remove(id: string): Promise<void> {
    return this.#objects.remove([id]);
  }
}
