/** Objects under one prefix of a bucket: listed by page, read, removed. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { invariant } from '#shared/kernel/invariant.ts';
import type { Page, PageRequest } from '#shared/profile/set-aside.ts';
import { inBatches } from './dynamodb-batches.ts';

const LIST_MAX = 1_000;
const DELETE_MAX = 1_000;
const READS_AT_ONCE = 25;

export interface ListedObject {
  /** What follows the prefix. */
  readonly name: string;
  readonly modifiedAt: number;
}

export class S3Objects {
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: S3Client;

  constructor(bucket: string, prefix: string, client = new S3Client({})) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#client = client;
  }

  put(name: string, content: object): Promise<void> {
    return this.putText(name, JSON.stringify(content), 'application/json');
  }

  async putText(name: string, Body: string, ContentType: string): Promise<void> {
    const object = { Bucket: this.#bucket, Key: `${this.#prefix}${name}`, ContentType };
    await this.#client.send(new PutObjectCommand({ ...object, Body }));
  }

  async read(name: string): Promise<string | undefined> {
    try {
      const object = { Bucket: this.#bucket, Key: `${this.#prefix}${name}` };
      const { Body } = await this.#client.send(new GetObjectCommand(object));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** In the order of the names, without those that are gone by then. */
  async readAll(names: readonly string[]): Promise<readonly (readonly [name: string, text: string])[]> {
    const found: (readonly [string, string])[] = [];
    for (const batch of inBatches(names, READS_AT_ONCE)) {
      const texts = await Promise.all(batch.map((name) => this.read(name)));
      found.push(
        ...batch.flatMap((name, index) => (texts[index] === undefined ? [] : [[name, texts[index]] as const])),
      );
    }
    return found;
  }

  async list(folder: string, { after, limit }: PageRequest): Promise<Page<ListedObject>> {
    const { Contents = [], IsTruncated } = await this.#list(folder, { after, limit });
    const entries = Contents.map(({ Key = '', LastModified }) => ({
      name: Key.slice(this.#prefix.length),
      modifiedAt: LastModified?.getTime() ?? 0,
    }));
    return { entries, next: IsTruncated ? entries.at(-1)?.name : undefined };
  }

  /** The names directly in the folder that have others below them. */
  async folders(folder: string, { after, limit }: PageRequest): Promise<Page<string>> {
    // The character after the slash: past everything in the last folder.
    const past = after === undefined ? undefined : `${folder}${after}0`;
    const { CommonPrefixes = [], IsTruncated } = await this.#list(folder, { after: past, limit }, '/');
    const start = this.#prefix.length + folder.length;
    const entries = CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(start, -1));
    return { entries, next: IsTruncated ? entries.at(-1) : undefined };
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const batch of inBatches(names, DELETE_MAX)) {
      const Objects = batch.map((name) => ({ Key: `${this.#prefix}${name}` }));
      const { Errors = [] } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } }),
      );
      invariant(Errors.length === 0, `${Errors.length} objects were not removed, the first for ${Errors[0]?.Code}`);
    }
  }

  #list(folder: string, { after, limit }: PageRequest, Delimiter?: string) {
    return this.#client.send(
      new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: `${this.#prefix}${folder}`,
        MaxKeys: Math.min(limit, LIST_MAX),
        ...(after !== undefined && { StartAfter: `${this.#prefix}${after}` }),
        ...(Delimiter !== undefined && { Delimiter }),
      }),
    );
  }
}
