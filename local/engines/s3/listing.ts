/** ListObjectsV2: prefix, delimiter and pages. */
import type { EngineResponse } from '../listener.ts';
import { writeXml, type XmlElement } from '../xml.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import type { S3Request } from './request.ts';

const PAGE_MAX = 1000;

export function listObjects(store: ObjectStore, { bucket, query }: S3Request): EngineResponse {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const limit = Math.min(PAGE_MAX, Number(query.get('max-keys') ?? PAGE_MAX));
  const found = store.list(bucket).filter(({ key }) => key.startsWith(prefix) && key > after);
  const groups = groupByPrefix(found, prefix, delimiter).filter(([name]) => name > after);
  const page = groups.slice(0, limit);
  const isTruncated = groups.length > limit;
  return xmlAnswer('ListBucketResult', [
    ['Name', bucket],
    ['Prefix', prefix],
    ['KeyCount', page.length],
    ['MaxKeys', limit],
    ...(delimiter ? [['Delimiter', delimiter] as const] : []),
    ['IsTruncated', isTruncated],
    ...(isTruncated ? [['NextContinuationToken', page.at(-1)?.[0] ?? ''] as const] : []),
    ...page.map(([name, object]) =>
      object ? contents(object) : (['CommonPrefixes', [['Prefix', name]]] satisfies XmlElement),
    ),
  ]);
}

/** One entry an object, or an entry without object for all whose keys share what stands before the delimiter. */
function groupByPrefix(
  objects: readonly StoredObject[],
  prefix: string,
  delimiter: string,
): (readonly [string, StoredObject | undefined])[] {
  const groups = new Map<string, StoredObject | undefined>();
  for (const object of objects) {
    const end = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
    if (end === -1) groups.set(object.key, object);
    else groups.set(object.key.slice(0, end + delimiter.length), undefined);
  }
  return [...groups];
}

function contents({ key, etag, body, modifiedAt }: StoredObject): XmlElement {
  return [
    'Contents',
    [
      ['Key', key],
      ['LastModified', new Date(modifiedAt).toISOString()],
      ['ETag', etag],
      ['Size', body.length],
      ['StorageClass', 'STANDARD'],
    ],
  ];
}

export function xmlAnswer(name: string, content: readonly XmlElement[], status = 200): EngineResponse {
  return { status, headers: { 'content-type': 'application/xml' }, body: writeXml([name, content]) };
}
