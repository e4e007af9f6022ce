/** Multipart uploads: parts wait here until the upload is completed or given up. */
import { hash, randomUUID } from 'node:crypto';
import { readXml } from '../xml.ts';
import { S3Error } from './error.ts';
import type { NewObject } from './object-store.ts';
import { type S3Request, storedHeaders } from './request.ts';

interface Upload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

export class Multipart {
  readonly #uploads = new Map<string, Upload>();

  create({ key, headers }: S3Request): string {
    const id = randomUUID();
    this.#uploads.set(id, { key, headers: storedHeaders(headers), parts: new Map() });
    return id;
  }

  /** Returns the part's ETag. */
  addPart({ query, body, key }: S3Request): string {
    this.#upload(query, key).parts.set(Number(query.get('partNumber')), body);
    return `"${hash('md5', body)}"`;
  }

  complete({ query, body, key }: S3Request): NewObject {
    const upload = this.#upload(query, key);
    const numbers = readXml(body.toString('utf8'), 'PartNumber').map(Number);
    const parts = numbers.map((number) => {
      const part = upload.parts.get(number);
      if (!part) throw new S3Error(400, 'InvalidPart', `part ${number} was never uploaded`);
      return part;
    });
    this.abort(query);
    const digests = Buffer.concat(parts.map((part) => hash('md5', part, 'buffer')));
    const etag = `"${hash('md5', digests)}-${parts.length}"`;
    return { key, body: Buffer.concat(parts), headers: upload.headers, checksums: {}, etag };
  }

  abort(query: URLSearchParams): void {
    this.#uploads.delete(query.get('uploadId') ?? '');
  }

  #upload(query: URLSearchParams, key: string): Upload {
    const upload = this.#uploads.get(query.get('uploadId') ?? '');
    if (upload?.key === key) return upload;
    throw new S3Error(404, 'NoSuchUpload', 'The specified multipart upload does not exist');
  }
}
