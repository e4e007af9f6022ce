/** Events as JSON Lines in the bucket: `<prefix><sandbox>/<destination>/<day>/<batch>.jsonl`. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Delivery, type DeliveryResult, delivered } from '#shared/activation/delivery.ts';

export class S3DeliveryFiles {
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: S3Client;

  constructor(bucket: string, prefix: string, client = new S3Client({})) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#client = client;
  }

  /** The same part of the feed has the same name: a repeated delivery replaces the file. */
  async deliver({ destination, events, batchId, madeAt }: Delivery): Promise<DeliveryResult> {
    const day = new Date(madeAt).toISOString().slice(0, 10);
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: `${this.#prefix}${destination.sandboxName}/${destination.id}/${day}/${batchId}.jsonl`,
        ContentType: 'application/x-ndjson',
        Body: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
      }),
    );
    return delivered();
  }
}
