/** The S3 engine held to its service's contract by the SDK's own client with its defaults. */
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientSettings, startTestEngines, type TestEngines } from './support/engine.ts';

const Bucket = 'artifacts';
let engines: TestEngines;
let client: S3Client;

beforeAll(async () => {
  engines = await startTestEngines();
  client = new S3Client(clientSettings(engines.listener.url));
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => engines.listener.close());

const read = async (Key: string, more = {}) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

test('an object comes back byte for byte, with its type and metadata', async () => {
  const Body = '{"ünïcode":"✓"}';
  await client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'rules/prod/1 ä&.json',
      Body,
      ContentType: 'application/json',
      Metadata: { by: 'test' },
    }),
  );

  const { ContentLength, ContentType, Metadata } = await client.send(
    new HeadObjectCommand({ Bucket, Key: 'rules/prod/1 ä&.json' }),
  );

  expect(await read('rules/prod/1 ä&.json')).toBe(Body);
  expect({ ContentLength, ContentType, Metadata }).toEqual({
    ContentLength: Buffer.byteLength(Body),
    ContentType: 'application/json',
    Metadata: { by: 'test' },
  });
});

test('a stream is stored without the chunks and trailers that it is sent in', async () => {
  const parts = Array.from({ length: 40 }, (_, index) => `part ${index} `.repeat(1_000));
  const whole = parts.join('');

  await client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'streamed',
      Body: Readable.from(parts.map((part) => Buffer.from(part))),
      ContentLength: Buffer.byteLength(whole),
    }),
  );

  expect(await read('streamed')).toBe(whole);
});

test('a body that does not match its checksum is refused', async () => {
  const put = client.send(new PutObjectCommand({ Bucket, Key: 'bad', Body: 'x', ChecksumCRC32: 'AAAAAA==' }));

  await expect(put).rejects.toMatchObject({ name: 'BadDigest' });
});

test('a range is that part of the object', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'range', Body: '0123456789' }));

  expect(await read('range', { Range: 'bytes=2-4' })).toBe('234');
  expect(await read('range', { Range: 'bytes=-3' })).toBe('789');
  expect(await read('range', { Range: 'bytes=7-' })).toBe('789');
  await expect(read('range', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
});

test('of two writes that must be the first, one fails', async () => {
  const put = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' }));
  await put('first');

  await expect(put('second')).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect(await read('once')).toBe('first');
});

test('a write that must follow another fails if there was a third', async () => {
  const { ETag: IfMatch } = await client.send(new PutObjectCommand({ Bucket, Key: 'follows', Body: '1' }));
  await client.send(new PutObjectCommand({ Bucket, Key: 'follows', Body: '2', IfMatch }));

  const late = client.send(new PutObjectCommand({ Bucket, Key: 'follows', Body: '3', IfMatch }));

  await expect(late).rejects.toMatchObject({ name: 'PreconditionFailed' });
});

test('objects are listed by prefix, in order, by page, and by folder', async () => {
  for (const Key of ['list/b', 'list/a', 'list/c/1', 'list/c/2', 'other']) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  }
  const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', ...more }));

  const first = await list({ MaxKeys: 3 });
  const second = await list({ MaxKeys: 3, ContinuationToken: first.NextContinuationToken });
  const folders = await list({ Delimiter: '/' });

  expect(first.Contents?.map(({ Key }) => Key)).toEqual(['list/a', 'list/b', 'list/c/1']);
  expect(second.Contents?.map(({ Key }) => Key)).toEqual(['list/c/2']);
  expect(folders.CommonPrefixes).toEqual([{ Prefix: 'list/c/' }]);
  expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['list/a', 'list/b']);
});

test('what is deleted is gone', async () => {
  for (const Key of ['gone/1', 'gone/2', 'gone/3']) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));

  await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone/1' }));
  await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'gone/2' }] } }));

  await expect(read('gone/1')).rejects.toBeInstanceOf(NoSuchKey);
  await expect(read('gone/2')).rejects.toBeInstanceOf(NoSuchKey);
  expect(await read('gone/3')).toBe('x');
});

test('an upload in parts is one object', async () => {
  const Key = 'multipart';
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const upload = (PartNumber: number, Body: string) =>
    client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  const parts = [await upload(1, 'hello '), await upload(2, 'world')];

  const Parts = parts.map(({ ETag }, index) => ({ ETag, PartNumber: index + 1 }));
  const done = await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );

  expect(done.ETag).toMatch(/-2"$/);
  expect(await read(Key)).toBe('hello world');
});

test('an operation that the engine lacks is refused by name', async () => {
  const response = await fetch(`${engines.listener.url}/${Bucket}?acl`);

  expect(response.status).toBe(501);
  expect(await response.text()).toContain('GET with acl');
});
