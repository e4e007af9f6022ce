/** Records that could not be read, each an object with its reason, by the day of their arrival. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Quarantine, RejectedRecord } from '#shared/profile/profile-store.ts';

export class S3Quarantine implements Quarantine {
  readonly #bucket: string;
  readonly #client: S3Client;

  constructor(bucket: string, client = new S3Client({})) {
    this.#bucket = bucket;
    this.#client = client;
  }

  async put({ id, reason, text, arrival }: RejectedRecord): Promise<void> {
    const arrivedAt = new Date(arrival).toISOString();
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: `quarantine/${arrivedAt.slice(0, 10)}/${id}.json`,
        Body: JSON.stringify({ reason, arrivedAt, record: text }),
        ContentType: 'application/json',
      }),
    );
  }
}
