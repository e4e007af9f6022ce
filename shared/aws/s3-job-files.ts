/** What jobs leave in the bucket, under `jobs/`. */
import { S3Client } from '@aws-sdk/client-s3';
import type { JobFiles } from '#shared/batch/job-store.ts';
import { S3Objects } from './s3-objects.ts';

export class S3JobFiles implements JobFiles {
  readonly #objects: S3Objects;

  constructor(bucket: string, client = new S3Client({})) {
    this.#objects = new S3Objects(bucket, 'jobs/', client);
  }

  async read(name: string): Promise<unknown> {
    const text = await this.#objects.read(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  put(name: string, content: object): Promise<void> {
    return this.#objects.put(name, content);
  }
}
