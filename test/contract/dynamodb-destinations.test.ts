import { afterAll, beforeAll } from 'vitest';
import { DynamoDeliveryLanes } from '#shared/aws/dynamodb-delivery-lanes.ts';
import { DynamoDestinationStore } from '#shared/aws/dynamodb-destination-store.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { deliveryLanesContract, destinationStoreContract } from './delivery-lanes.contract.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

deliveryLanesContract(async () => new DynamoDeliveryLanes(await tables.create('S'), tables.client));
destinationStoreContract(async () => new DynamoDestinationStore(await tables.create('S'), tables.client));
