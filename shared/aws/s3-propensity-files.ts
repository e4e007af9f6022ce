/** What runs of propensity leave in the bucket, under `models/`. */
import { S3Client } from '@aws-sdk/client-s3';
import type { PropensityFiles } from '#shared/propensity/propensity-store.ts';
import { S3Objects } from './s3-objects.ts';

export class S3PropensityFiles implements PropensityFiles {
  readonly #objects: S3Objects;

  constructor(bucket: string, client = new S3Client({})) {
    this.#objects = new S3Objects(bucket, 'models/', client);
  }

  async read(name: string): Promise<unknown> {
    const text = await this.#objects.read(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  put(name: string, content: object): Promise<void> {
    return this.#objects.put(name, content);
  }
}
