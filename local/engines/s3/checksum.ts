/** Checksums that a client sends with an object: verified where Node can compute them, kept and given back always. */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './error.ts';

const COMPUTE: Readonly<Record<string, (body: Buffer) => string>> = {
  'x-amz-checksum-crc32': (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
  'x-amz-checksum-sha1': (body) => hash('sha1', body, 'base64'),
  'x-amz-checksum-sha256': (body) => hash('sha256', body, 'base64'),
};

/** Stored and returned, but not verified: Node has neither polynomial. */
const UNVERIFIED = ['x-amz-checksum-crc32c', 'x-amz-checksum-crc64nvme'];

export function checksumsOf(given: Readonly<Record<string, string>>, body: Buffer): Record<string, string> {
  const checksums: Record<string, string> = {};
  for (const [name, compute] of Object.entries(COMPUTE)) {
    const expected = given[name];
    if (expected === undefined) continue;
    if (compute(body) !== expected) throw new S3Error(400, 'BadDigest', `${name} did not match the body received`);
    checksums[name] = expected;
  }
  for (const name of UNVERIFIED) if (given[name] !== undefined) checksums[name] = given[name];
  return checksums;
}
