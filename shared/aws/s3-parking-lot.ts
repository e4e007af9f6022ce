/** Items of parked profiles, each an object below its profile's prefix. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ParkedItem, ParkingLot } from '#shared/profile/profile-store.ts';

export class S3ParkingLot implements ParkingLot {
  readonly #bucket: string;
  readonly #client: S3Client;

  constructor(bucket: string, client = new S3Client({})) {
    this.#bucket = bucket;
    this.#client = client;
  }

  async put({ key, id, reason, text, arrival }: ParkedItem): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: `parked/${key.sandboxName}/${key.profileId}/${id}.json`,
        Body: JSON.stringify({ reason, arrivedAt: new Date(arrival).toISOString(), record: text }),
        ContentType: 'application/json',
      }),
    );
  }
}
