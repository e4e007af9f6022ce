/** AWS::DynamoDB::GlobalTable on the DynamoDB engine: one replica, here. */
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../engines/aws-json.ts';
import type { Properties, ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

interface TableDescription {
  readonly TableArn: string;
  readonly KeySchema: readonly KeyElement[];
  readonly LatestStreamArn?: string;
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string }[];
}

export function tableType({ surroundings, expiringTables }: Cloud): ResourceType {
  const { call } = surroundings.engines.dynamoDb;
  return {
    properties: {
      TableName: true,
      AttributeDefinitions: true,
      KeySchema: true,
      GlobalSecondaryIndexes: { IndexName: true, KeySchema: true, Projection: true, WarmThroughput: REASONS.capacity },
      LocalSecondaryIndexes: true,
      StreamSpecification: { StreamViewType: true },
      TimeToLiveSpecification: { AttributeName: true, Enabled: true },
      BillingMode: REASONS.capacity,
      WarmThroughput: REASONS.capacity,
      SSESpecification: REASONS.encryption,
      Replicas: {
        Region: true,
        GlobalSecondaryIndexes: { IndexName: true, ContributorInsightsSpecification: REASONS.observability },
        DeletionProtectionEnabled: REASONS.protection,
        PointInTimeRecoverySpecification: REASONS.backup,
        ContributorInsightsSpecification: REASONS.observability,
        SSESpecification: REASONS.encryption,
        ResourcePolicy: REASONS.permissions,
        TableClass: REASONS.capacity,
        Tags: REASONS.tags,
      },
    },
    deploy: async ({ stackName, logicalId }, properties) => {
      const name = String(properties.TableName ?? `${stackName}-${logicalId}`);
      const { Table: table } = await describeOrCreate(call, name, properties);
      checkUnchanged(name, table, properties);
      const ttl = properties.TimeToLiveSpecification as { AttributeName: string; Enabled: unknown } | undefined;
      if (ttl && String(ttl.Enabled) === 'true') {
        const keyNames = table.KeySchema.map(({ AttributeName }) => AttributeName);
        expiringTables.push({ tableName: name, attribute: ttl.AttributeName, keyNames });
      }
      return { ref: name, attributes: { Arn: table.TableArn, StreamArn: table.LatestStreamArn, TableId: name } };
    },
  };
}

type TableCall = Cloud['surroundings']['engines']['dynamoDb']['call'];

async function describeOrCreate(call: TableCall, name: string, properties: Properties) {
  const describe = () => call<{ Table: TableDescription }>('DescribeTable', { TableName: name });
  try {
    return await describe();
  } catch (error) {
    if (!(error instanceof AwsError) || error.type !== 'ResourceNotFoundException') throw error;
    await call('CreateTable', createInput(name, properties));
    return describe();
  }
}

function createInput(name: string, properties: Properties): object {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = properties;
  const stream = properties.StreamSpecification as { StreamViewType: string } | undefined;
  return {
    TableName: name,
    AttributeDefinitions,
    KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...(GlobalSecondaryIndexes !== undefined && { GlobalSecondaryIndexes }),
    ...(LocalSecondaryIndexes !== undefined && { LocalSecondaryIndexes }),
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType } }),
  };
}

/** State of an earlier run can't be rebuilt under another key; saying so is better than strange answers. */
function checkUnchanged(name: string, table: TableDescription, properties: Properties): void {
  const key = (elements: unknown) =>
    JSON.stringify((elements as readonly KeyElement[]).map(({ AttributeName, KeyType }) => [AttributeName, KeyType]));
  const indexes = (elements: unknown) =>
    JSON.stringify(((elements ?? []) as readonly { IndexName: string }[]).map(({ IndexName }) => IndexName).sort());
  const isSame =
    key(table.KeySchema) === key(properties.KeySchema) &&
    indexes(table.GlobalSecondaryIndexes) === indexes(properties.GlobalSecondaryIndexes) &&
    (table.LatestStreamArn === undefined) === (properties.StreamSpecification === undefined);
  if (isSame) return;
  throw new Error(
    `table ${name} was made by an older template with other keys, indexes or stream: start with a new --data`,
  );
}
