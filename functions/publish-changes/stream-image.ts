import type { DynamoDBRecord } from 'aws-lambda';
import { decodeVersion } from '#shared/segment/change-codec.ts';
import type { ProfileChanges } from '#shared/segment/membership-change.ts';

/** What a stream record says of membership changes: none, or those of one profile version. */
export function profileChanges({ dynamodb }: DynamoDBRecord): readonly ProfileChanges[] {
  const { pk, version, rulesVersion, changes } = dynamodb?.NewImage ?? {};
  if (pk?.S === undefined || changes?.B === undefined) return [];
  const at = pk.S.indexOf('#');
  return [
    {
      key: { sandboxName: pk.S.slice(0, at), profileId: pk.S.slice(at + 1) },
      version: Number(version?.N),
      rulesVersion: Number(rulesVersion?.N),
      ...decodeVersion(Buffer.from(changes.B as unknown as string, 'base64')),
    },
  ];
}
