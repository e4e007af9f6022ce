import { afterAll, beforeAll } from 'vitest';
import { DynamoAuditTrail } from '#shared/aws/dynamodb-audit-trail.ts';
import { DynamoIdempotencyKeys } from '#shared/aws/dynamodb-idempotency-keys.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { auditTrailContract, idempotencyKeysContract } from './change-guard.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

auditTrailContract(async () => new DynamoAuditTrail(await tables.create('S'), tables.client));
idempotencyKeysContract(async (now) => new DynamoIdempotencyKeys(await tables.create('S'), now, tables.client));
