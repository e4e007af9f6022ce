/** What happens to several profiles and their identities at once: one transaction over the tables `profiles` and `identities`. */
import { DynamoDBClient, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { encodeBatchResults } from '#shared/profile/batch-results.ts';
import {
  type BatchMove,
  type Erasure,
  type IdentityMove,
  type JointStore,
  type JointWrite,
  profileKeyText,
  type WriteOutcome,
} from '#shared/profile/profile-store.ts';
import { erasureOrderItem } from './dynamodb-erasure-orders.ts';
import { rowKey } from './dynamodb-identity-store.ts';
import { isOfVersion, transact, wholeWrite } from './dynamodb-profile-store.ts';

export interface JointTables {
  readonly profiles: string;
  readonly identities: string;
  /** The key of the HMAC of identities. */
  readonly secret: () => Promise<string>;
}

export class DynamoJointStore implements JointStore {
  readonly #tables: JointTables;
  readonly #client: DynamoDBClient;

  constructor(tables: JointTables, client = new DynamoDBClient({})) {
    this.#tables = tables;
    this.#client = client;
  }

  async commit({ writes, batches = [], moves = [], erasures = [] }: JointWrite): Promise<WriteOutcome> {
    const { profiles, identities, secret } = this.#tables;
    const key = await secret();
    return transact(this.#client, [
      ...writes.flatMap((write) => wholeWrite(profiles, write)),
      ...batches.map((move) => batchMove(profiles, move)),
      ...moves.flatMap((move) => movesOf(identities, move, key)),
      ...erasures.flatMap((erasure) => partsOf(erasure, this.#tables, key)),
    ]);
  }
}

function batchMove(TableName: string, { key, expectedVersion, results }: BatchMove): TransactWriteItem {
  const Key = { pk: { S: profileKeyText(key) }, sk: { S: 'B' } };
  const condition = isOfVersion(expectedVersion);
  if (results === undefined) return { Delete: { TableName, Key, ...condition } };
  const version = { N: String(expectedVersion + 1) };
  return { Put: { TableName, Item: { ...Key, version, data: { B: encodeBatchResults(results) } }, ...condition } };
}

/** Who moves an identity writes the profile that it led to, so that profile's version is condition enough. */
const movesOf = (TableName: string, { sandboxName, identities, profileId }: IdentityMove, secret: string) =>
  identities.map(
    (identity): TransactWriteItem => ({
      Update: {
        TableName,
        Key: { pk: { S: rowKey(sandboxName, identity, secret) } },
        UpdateExpression: 'SET profileId = :profile',
        ExpressionAttributeValues: { ':profile': { S: profileId } },
      },
    }),
  );

/** Wherever an identity leads, it leads to whom is erased, under the condition of that one's version. */
function partsOf({ key, identities, erasedAt, order }: Erasure, tables: JointTables, secret: string) {
  const blocked = identities.map(
    (identity): TransactWriteItem => ({
      Update: {
        TableName: tables.identities,
        Key: { pk: { S: rowKey(key.sandboxName, identity, secret) } },
        UpdateExpression: 'SET erasedAt = :at',
        ExpressionAttributeValues: { ':at': { N: String(erasedAt) } },
      },
    }),
  );
  return [...blocked, { Put: { TableName: tables.profiles, Item: erasureOrderItem(key, order) } }];
}
