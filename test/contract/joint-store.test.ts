import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoBatchResults } from '#shared/aws/dynamodb-batch-results.ts';
import { DynamoIdentityStore } from '#shared/aws/dynamodb-identity-store.ts';
import { DynamoJointStore } from '#shared/aws/dynamodb-joint-store.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { MemoryIdentityStore, MemoryJointStore, MemoryProfileStore } from '#shared/memory/memory-profile-stores.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { createIdentitiesTable, createProfilesTable } from '#test/support/profile-tables.ts';
import { jointStoreContract } from './joint-store.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe('in memory', () =>
  jointStoreContract(async () => {
    const [profiles, identities] = [new MemoryProfileStore(), new MemoryIdentityStore()];
    return { profiles, identities, joint: new MemoryJointStore(profiles, identities), batch: profiles.batch };
  }));

describe('in DynamoDB', () =>
  jointStoreContract(async () => {
    const { client } = tables;
    const [profiles, identities] = [await createProfilesTable(client), await createIdentitiesTable(client)];
    const secret = async () => 'key-of-the-test';
    return {
      profiles: new DynamoProfileStore(profiles, client),
      identities: new DynamoIdentityStore(identities, secret, client),
      joint: new DynamoJointStore({ profiles, identities, secret }, client),
      batch: new DynamoBatchResults(profiles, client),
    };
  }));
