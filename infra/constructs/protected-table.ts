import {
  type Attribute,
  AttributeType,
  Billing,
  type StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';

export interface ProtectedTableProps {
  readonly settings: StageSettings;
  readonly sortKey?: Attribute;
  readonly timeToLiveAttribute?: string;
  readonly dynamoStream?: StreamViewType;
  readonly globalSecondaryIndexes?: TablePropsV2['globalSecondaryIndexes'];
}

/** Every table of the service: on demand, restorable to any second of 35 days, guarded by stage. Keyed by `pk`. */
export class ProtectedTable extends TableV2 {
  constructor(scope: Construct, id: string, { settings, ...shape }: ProtectedTableProps) {
    super(scope, id, {
      ...shape,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: settings.deletionProtection,
      removalPolicy: settings.removalPolicy,
    });
  }
}

export const TEXT_SORT_KEY: Attribute = { name: 'sk', type: AttributeType.STRING };
export const NUMBER_SORT_KEY: Attribute = { name: 'sk', type: AttributeType.NUMBER };
