import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, StreamViewType, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import { ProtectedTable, TEXT_SORT_KEY } from './protected-table.ts';

export const DUE_INDEX = 'due';

/** Who the people are, what is known of them now, and the events behind it. */
export class ProfileStore extends Construct {
  readonly profiles: TableV2;
  readonly history: TableV2;
  readonly identities: TableV2;
  readonly identityKey: Secret;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: StageSettings }) {
    super(scope, id);
    this.profiles = new ProtectedTable(this, 'Profiles', {
      settings,
      sortKey: TEXT_SORT_KEY,
      // Both images: the membership changes in the new one are the outbox, the old one tells a redelivery apart.
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      globalSecondaryIndexes: [
        {
          // Sparse: only profiles that time alone may change carry the two attributes.
          indexName: DUE_INDEX,
          partitionKey: { name: 'dueShard', type: AttributeType.NUMBER },
          sortKey: { name: 'dueAt', type: AttributeType.NUMBER },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.history = new ProtectedTable(this, 'History', {
      settings,
      sortKey: TEXT_SORT_KEY,
      timeToLiveAttribute: 'expiresAt',
    });
    this.identities = new ProtectedTable(this, 'Identities', { settings });
    this.identityKey = this.createIdentityKey();
  }

  /** Losing this key would orphan every profile, so it is kept in every stage. */
  private createIdentityKey(): Secret {
    const key = new Secret(this, 'IdentityKey', {
      description: 'Shoal: HMAC key that turns identities into row keys',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(key).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Rotating the key would change the row key of every identity; it must live as long as the profiles.',
    });
    return key;
  }
}
