/**
 * `aws-chunked`, the encoding of SDK v3's default PutObject of a stream: hexadecimal length, data, …, and trailers with
 * a checksum. Stored as it comes, the object would hold the chunk headers too.
 */
import { S3Error } from './error.ts';

export interface DecodedBody {
  readonly body: Buffer;
  /** Lower-cased names, as headers. */
  readonly trailers: Readonly<Record<string, string>>;
}

export function isChunked(headers: Readonly<Record<string, string>>): boolean {
  const isStreaming = headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false;
  return (
    isStreaming || (headers['content-encoding'] ?? '').split(',').some((coding) => coding.trim() === 'aws-chunked')
  );
}

export function decodeChunked(encoded: Buffer): DecodedBody {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = endOfLine(encoded, offset);
    const length = Number.parseInt(encoded.toString('latin1', offset, lineEnd), 16);
    const start = lineEnd + 2;
    if (Number.isNaN(length) || start + length > encoded.length) throw incomplete();
    if (length === 0) return { body: Buffer.concat(chunks), trailers: readTrailers(encoded.toString('latin1', start)) };
    chunks.push(encoded.subarray(start, start + length));
    offset = start + length + 2;
  }
}

function endOfLine(encoded: Buffer, from: number): number {
  const end = encoded.indexOf('\r\n', from, 'latin1');
  if (end === -1) throw incomplete();
  return end;
}

function readTrailers(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function incomplete(): S3Error {
  return new S3Error(400, 'IncompleteBody', 'The aws-chunked body ends before its last chunk');
}
