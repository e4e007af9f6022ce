/**
 * S3 as far as Shoal and its tools use it: whole and ranged reads, conditional writes, listing, deletion, multipart.
 * An operation it does not know is answered 501 by name, never with an empty success.
 */
import { randomUUID } from 'node:crypto';
import type { EngineRequest, EngineResponse } from '../listener.ts';
import { readXml, writeXml, type XmlElement } from '../xml.ts';
import { checksumsOf } from './checksum.ts';
import { checkWrite, isUnchanged } from './conditions.ts';
import { S3Error } from './error.ts';
import { listObjects, xmlAnswer } from './listing.ts';
import { Multipart } from './multipart.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { readS3Request, type S3Request, storedHeaders } from './request.ts';

export function s3Server(store: ObjectStore): (request: EngineRequest) => EngineResponse {
  const multipart = new Multipart();
  return (request): EngineResponse => {
    try {
      const response: EngineResponse = route(store, multipart, readS3Request(request));
      return { ...response, headers: { 'x-amz-request-id': randomUUID(), ...response.headers } };
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      const isHead = request.method === 'HEAD';
      const body = writeXml([
        'Error',
        [
          ['Code', error.code],
          ['Message', error.message],
        ],
      ]);
      return {
        status: error.status,
        headers: { 'content-type': 'application/xml', 'x-amz-request-id': randomUUID() },
        body: isHead ? '' : body,
      };
    }
  };
}

function route(store: ObjectStore, multipart: Multipart, request: S3Request): EngineResponse {
  if (request.bucket === '') return listBuckets(store);
  if (request.key === '') return routeBucket(store, request);
  if (request.query.has('uploads') || request.query.has('uploadId')) return routeMultipart(store, multipart, request);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readObject(store, request);
    case 'PUT':
      return request.headers['x-amz-copy-source'] ? copyObject(store, request) : putObject(store, request);
    case 'DELETE':
      store.delete(request.bucket, request.key);
      return { status: 204 };
    default:
      throw notImplemented(request);
  }
}

function routeBucket(store: ObjectStore, request: S3Request): EngineResponse {
  const { method, bucket, query } = request;
  if (method === 'PUT' && query.size <= 1) {
    store.createBucket(bucket);
    return { status: 200, headers: { location: `/${bucket}` } };
  }
  if (!store.has(bucket)) throw new S3Error(404, 'NoSuchBucket', `The specified bucket does not exist: ${bucket}`);
  if (method === 'HEAD') return { status: 200 };
  if (method === 'GET' && query.has('location')) return xmlAnswer('LocationConstraint', []);
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(store, request);
  if (method === 'POST' && query.has('delete')) return deleteObjects(store, request);
  throw notImplemented(request);
}

function routeMultipart(store: ObjectStore, multipart: Multipart, request: S3Request): EngineResponse {
  const { method, bucket, key, query } = request;
  if (method === 'POST' && query.has('uploads')) {
    const id = multipart.create(request);
    return xmlAnswer('InitiateMultipartUploadResult', [
      ['Bucket', bucket],
      ['Key', key],
      ['UploadId', id],
    ]);
  }
  if (method === 'PUT') return { status: 200, headers: { etag: multipart.addPart(request) } };
  if (method === 'DELETE') {
    multipart.abort(query);
    return { status: 204 };
  }
  if (method !== 'POST') throw notImplemented(request);
  checkWrite(request.headers, store.find(bucket, key));
  const { etag } = store.put(bucket, multipart.complete(request));
  return xmlAnswer('CompleteMultipartUploadResult', [
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', etag],
  ]);
}

function putObject(store: ObjectStore, { bucket, key, headers, body }: S3Request): EngineResponse {
  checkWrite(headers, store.find(bucket, key));
  const checksums = checksumsOf(headers, body);
  const { etag } = store.put(bucket, { key, body, headers: storedHeaders(headers), checksums });
  return { status: 200, headers: { etag, ...checksums } };
}

function copyObject(store: ObjectStore, { bucket, key, headers }: S3Request): EngineResponse {
  const [, from = '', ...rest] = `/${decodeURIComponent(headers['x-amz-copy-source'] ?? '').replace(/^\//, '')}`.split(
    '/',
  );
  const source = store.get(from, rest.join('/'));
  const copy = store.put(bucket, { ...source, key });
  return xmlAnswer('CopyObjectResult', [
    ['ETag', copy.etag],
    ['LastModified', new Date(copy.modifiedAt).toISOString()],
  ]);
}

function readObject(store: ObjectStore, { method, bucket, key, headers }: S3Request): EngineResponse {
  const object = store.get(bucket, key);
  const described = describe(object);
  if (isUnchanged(headers, object)) return { status: 304, headers: described };
  const range = rangeOf(headers.range, object.body.length);
  if (range) {
    const [first, last] = range;
    const contentRange = `bytes ${first}-${last}/${object.body.length}`;
    const body = object.body.subarray(first, last + 1);
    return answerBody(method, 206, { ...described, 'content-range': contentRange }, body);
  }
  const checksums = headers['x-amz-checksum-mode'] === 'ENABLED' ? object.checksums : {};
  return answerBody(method, 200, { ...described, ...checksums }, object.body);
}

function answerBody(method: string, status: number, headers: Record<string, string>, body: Buffer): EngineResponse {
  if (method !== 'HEAD') return { status, headers, body };
  return { status, headers: { ...headers, 'content-length': String(body.length) } };
}

function describe({ etag, headers, modifiedAt }: StoredObject): Record<string, string> {
  return { ...headers, etag, 'last-modified': new Date(modifiedAt).toUTCString(), 'accept-ranges': 'bytes' };
}

/** First and last byte, or `undefined` for the whole object. */
function rangeOf(header: string | undefined, length: number): readonly [number, number] | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match) return undefined;
  const [, from = '', to = ''] = match;
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (first <= last) return [first, last];
  throw new S3Error(416, 'InvalidRange', `The requested range ${header} is not satisfiable: ${length} bytes`);
}

function deleteObjects(store: ObjectStore, { bucket, body }: S3Request): EngineResponse {
  const keys = readXml(body.toString('utf8'), 'Key');
  for (const key of keys) store.delete(bucket, key);
  return xmlAnswer(
    'DeleteResult',
    keys.map((key): XmlElement => ['Deleted', [['Key', key]]]),
  );
}

function listBuckets(store: ObjectStore): EngineResponse {
  const buckets = store.bucketNames().map((name): XmlElement => ['Bucket', [['Name', name]]]);
  return xmlAnswer('ListAllMyBucketsResult', [['Buckets', buckets]]);
}

function notImplemented({ method, query }: S3Request): S3Error {
  const parameters = [...query.keys()].join(', ') || 'no parameters';
  return new S3Error(501, 'NotImplemented', `the local S3 engine has no ${method} with ${parameters}`);
}
