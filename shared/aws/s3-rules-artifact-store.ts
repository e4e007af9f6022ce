import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { invariant } from '#shared/kernel/invariant.ts';
import { type RulesArtifact, readRules } from '#shared/segment/rules.ts';
import type { RulesArtifactStore } from '#shared/segment/segment-store.ts';

export class S3RulesArtifactStore implements RulesArtifactStore {
  readonly #bucket: string;
  readonly #client: S3Client;

  constructor(bucket: string, client = new S3Client({})) {
    this.#bucket = bucket;
    this.#client = client;
  }

  async get(key: string): Promise<RulesArtifact> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    invariant(Body, `the rules artifact ${key} has a body`);
    return readRules(await Body.transformToString());
  }

  /** The caller makes the key unique: a processor keeps what it read under a key for ever. */
  async put(key: string, artifact: RulesArtifact): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        Body: JSON.stringify(artifact),
        ContentType: 'application/json',
      }),
    );
  }
}
