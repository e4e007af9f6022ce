/** Tables of the real engine for contract tests: one engine a file, a new table a test. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoDbEngine, startDynamoDb } from '#local/engines/dynamodb/engine.ts';

export interface TestTables {
  readonly client: DynamoDBClient;
  /** Its name. Keyed by `pk` and, as the type says, `sk`. */
  create(sortKeyType: 'S' | 'N'): Promise<string>;
  stop(): Promise<void>;
}

export async function startTables(): Promise<TestTables> {
  const engine: DynamoDbEngine = await startDynamoDb(undefined);
  const client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  let tables = 0;
  const create = async (sortKeyType: 'S' | 'N') => {
    tables += 1;
    const TableName = `table-${tables}`;
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: sortKeyType },
        ],
      }),
    );
    return TableName;
  };
  const stop = async () => {
    client.destroy();
    await engine.stop();
  };
  return { client, create, stop };
}
