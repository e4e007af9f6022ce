/**
 * Which profile an identity leads to, in the table `identities`. Keys hold an HMAC of the identity, not the identity:
 * an e-mail address is no key that operators, logs and metrics should see.
 */
import { createHmac } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import type { IdentityStore } from '#shared/profile/profile-store.ts';
import { batchGet } from './dynamodb-batches.ts';

const LOST: ReadonlySet<string | undefined> = new Set([
  'ConditionalCheckFailed',
  'TransactionConflict',
  'None',
  undefined,
]);

export class DynamoIdentityStore implements IdentityStore {
  readonly #table: string;
  readonly #secret: () => Promise<string>;
  readonly #client: DynamoDBClient;

  /** `secret` is the key of the HMAC: the same for as long as the table lives. */
  constructor(table: string, secret: () => Promise<string>, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#secret = secret;
    this.#client = client;
  }

  async find(sandboxName: string, identities: readonly Identity[]): Promise<ReadonlyMap<string, string>> {
    const secret = await this.#secret();
    const byPk = new Map(identities.map((identity) => [rowKey(sandboxName, identity, secret), identity]));
    const items = await batchGet(
      this.#client,
      this.#table,
      [...byPk.keys()].map((pk) => ({ pk: { S: pk } })),
    );
    return new Map(
      items.map(({ pk, profileId }) => [identityKey(byPk.get(pk?.S as string) as Identity), profileId?.S as string]),
    );
  }

  async claim(sandboxName: string, identities: readonly Identity[], profileId: string): Promise<boolean> {
    const secret = await this.#secret();
    const puts = identities.map((identity) => ({
      TableName: this.#table,
      Item: { pk: { S: rowKey(sandboxName, identity, secret) }, profileId: { S: profileId } },
      ConditionExpression: 'attribute_not_exists(pk)',
    }));
    const [only] = puts;
    try {
      if (only !== undefined && puts.length === 1) await this.#client.send(new PutItemCommand(only));
      else await this.#client.send(new TransactWriteItemsCommand({ TransactItems: puts.map((Put) => ({ Put })) }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException || isLost(error)) return false;
      throw error;
    }
  }
}

export function rowKey(sandboxName: string, identity: Identity, secret: string): string {
  return `${sandboxName}#${createHmac('sha256', secret).update(identityKey(identity)).digest('base64url')}`;
}

function isLost(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).every(({ Code }) => LOST.has(Code));
}
