/**
 * Buckets and objects in memory, written through to a folder when there is one: a file with the body and a file with
 * everything else for each object, named by a hash of the key so that any key is a file name.
 */
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Error } from './error.ts';

export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  /** With its quotes. */
  readonly etag: string;
  readonly modifiedAt: number;
  /** Headers to give back: content type, encoding, metadata. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
}

export type NewObject = Pick<StoredObject, 'key' | 'body' | 'headers' | 'checksums'> & { readonly etag?: string };

export class ObjectStore {
  readonly #buckets = new Map<string, Map<string, StoredObject>>();
  readonly #folder: string | undefined;

  constructor(folder?: string) {
    this.#folder = folder;
  }

  createBucket(bucket: string): void {
    if (!this.#buckets.has(bucket)) this.#buckets.set(bucket, this.#load(bucket));
  }

  has(bucket: string): boolean {
    return this.#buckets.has(bucket);
  }

  bucketNames(): readonly string[] {
    return [...this.#buckets.keys()];
  }

  put(bucket: string, object: NewObject): StoredObject {
    const etag = object.etag ?? `"${hash('md5', object.body)}"`;
    const stored = { ...object, etag, modifiedAt: Date.now() };
    this.#bucket(bucket).set(object.key, stored);
    this.#save(bucket, stored);
    return stored;
  }

  find(bucket: string, key: string): StoredObject | undefined {
    return this.#bucket(bucket).get(key);
  }

  get(bucket: string, key: string): StoredObject {
    const object = this.find(bucket, key);
    if (object) return object;
    throw new S3Error(404, 'NoSuchKey', `The specified key does not exist: ${key}`);
  }

  delete(bucket: string, key: string): void {
    this.#bucket(bucket).delete(key);
    if (!this.#folder) return;
    for (const file of filesOf(join(this.#folder, bucket), key)) rmSync(file, { force: true });
  }

  /** In the order of the keys' bytes, as S3 lists them. */
  list(bucket: string): readonly StoredObject[] {
    return [...this.#bucket(bucket).values()].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  #bucket(bucket: string): Map<string, StoredObject> {
    const objects = this.#buckets.get(bucket);
    if (objects) return objects;
    throw new S3Error(404, 'NoSuchBucket', `The specified bucket does not exist: ${bucket}`);
  }

  #save(bucket: string, { body, ...rest }: StoredObject): void {
    if (!this.#folder) return;
    const [bodyFile, describingFile] = filesOf(join(this.#folder, bucket), rest.key);
    writeFileSync(bodyFile, body);
    // The describing file comes last and whole: an object without one was never finished.
    writeFileSync(`${describingFile}.new`, JSON.stringify(rest));
    renameSync(`${describingFile}.new`, describingFile);
  }

  #load(bucket: string): Map<string, StoredObject> {
    const objects = new Map<string, StoredObject>();
    if (!this.#folder) return objects;
    const folder = join(this.#folder, bucket);
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      const rest = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<StoredObject, 'body'>;
      objects.set(rest.key, { ...rest, body: readFileSync(filesOf(folder, rest.key)[0]) });
    }
    return objects;
  }
}

function filesOf(folder: string, key: string): readonly [body: string, describing: string] {
  const path = join(folder, hash('sha256', key));
  return [`${path}.body`, `${path}.json`];
}
