import { randomUUID } from 'node:crypto';
import { DynamoAuditTrail } from '#shared/aws/dynamodb-audit-trail.ts';
import { DynamoIdempotencyKeys } from '#shared/aws/dynamodb-idempotency-keys.ts';
import type { ChangeGuard } from './change-guard.ts';

/** The guard of a deployed function: what it keeps is in the table `control` (infra: allowChangeGuard). */
export function controlGuard(table: string): ChangeGuard {
  const now = () => Date.now();
  return {
    audit: new DynamoAuditTrail(table),
    keys: new DynamoIdempotencyKeys(table, now),
    now,
    newId: () => randomUUID(),
  };
}
