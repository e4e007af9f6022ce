/** An S3 request taken apart: bucket and key from the path, and the body without its transfer encoding. */
import type { EngineRequest } from '../listener.ts';
import { decodeChunked, isChunked } from './chunked-body.ts';

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  /** Headers, and the trailers of a chunked body. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function readS3Request({ method, url, headers, body }: EngineRequest): S3Request {
  const [path = '/', search = ''] = url.split('?');
  const [, bucket = '', ...rest] = path.split('/').map(decodeURIComponent);
  const decoded = isChunked(headers) ? decodeChunked(body) : { body, trailers: {} };
  return {
    method,
    bucket,
    key: rest.join('/'),
    query: new URLSearchParams(search),
    headers: { ...headers, ...decoded.trailers },
    body: decoded.body,
  };
}

/** The headers that an object gives back as it got them. */
export function storedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];
  const stored: Record<string, string> = { 'content-type': 'application/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (kept.includes(name) || name.startsWith('x-amz-meta-')) stored[name] = value;
  }
  const codings = (headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim());
  const encoding = codings.filter((coding) => coding !== '' && coding !== 'aws-chunked').join(',');
  return encoding ? { ...stored, 'content-encoding': encoding } : stored;
}
