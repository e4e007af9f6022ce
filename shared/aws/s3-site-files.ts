/** The bucket behind the CDN, and the bundle that its files come in. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

interface SiteFile {
  readonly path: string;
  readonly type: string;
  readonly cacheControl: string;
  readonly content: string;
}

export class S3SiteFiles {
  readonly #bucket: string;
  readonly #client: S3Client;

  constructor(bucket: string, client = new S3Client({})) {
    this.#bucket = bucket;
    this.#client = client;
  }

  async readBundle(bucket: string, key: string): Promise<readonly SiteFile[]> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? '[]') as readonly SiteFile[];
  }

  async put({ path, type, cacheControl, content }: SiteFile): Promise<void> {
    const Body = Buffer.from(content, 'base64');
    const object = { Bucket: this.#bucket, Key: path, Body, ContentType: type, CacheControl: cacheControl };
    await this.#client.send(new PutObjectCommand(object));
  }

  async removeAll(): Promise<void> {
    for (;;) {
      const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket }));
      if (Contents.length === 0) return;
      const Objects = Contents.map(({ Key }) => ({ Key }));
      await this.#client.send(new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } }));
    }
  }
}
