/**
 * Which profile an identity leads to, in the table `identities`. Keys hold an HMAC of the identity, not the identity:
 * an e-mail address is no key that operators, logs and metrics should see.
 */
import { createHmac } from 'node:crypto';
import {
  DynamoDBClient,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import type { IdentityRow, IdentityStore, SeenIdentity } from '#shared/profile/profile-store.ts';
import { conditionHeld, transactionHeld } from './conditional-writes.ts';
import { batchGet, type Item } from './dynamodb-batches.ts';

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
    const rows = await this.rows(sandboxName, identities);
    return new Map([...rows].flatMap(([key, { profileId }]) => (profileId === undefined ? [] : [[key, profileId]])));
  }

  async rows(sandboxName: string, identities: readonly Identity[]): Promise<ReadonlyMap<string, IdentityRow>> {
    const secret = await this.#secret();
    const byPk = new Map(identities.map((identity) => [rowKey(sandboxName, identity, secret), identity]));
    const items = await batchGet(
      this.#client,
      this.#table,
      [...byPk.keys()].map((pk) => ({ pk: { S: pk } })),
    );
    return new Map(items.map((item) => [identityKey(byPk.get(item.pk?.S as string) as Identity), rowOf(item)]));
  }

  claim(sandboxName: string, identities: readonly Identity[], profileId: string): Promise<boolean> {
    return this.take(sandboxName, unseen(identities), profileId);
  }

  async take(
    sandboxName: string,
    seen: readonly SeenIdentity[],
    profileId: string,
    erasedAt?: number,
  ): Promise<boolean> {
    const secret = await this.#secret();
    const updates = seen.map(({ identity, row }) => {
      const erased = latest(row?.erasedAt, erasedAt);
      return this.#update({ pk: rowKey(sandboxName, identity, secret), row, next: { profileId, erasedAt: erased } });
    });
    return this.#commit(updates);
  }

  async block(sandboxName: string, { identity, row }: SeenIdentity, erasedAt: number): Promise<boolean> {
    const pk = rowKey(sandboxName, identity, await this.#secret());
    return this.#commit([this.#update({ pk, row, next: { ...row, erasedAt: latest(row?.erasedAt, erasedAt) } })]);
  }

  /** A row as it shall be, on condition that it still is as it was seen. */
  #update({
    pk,
    row,
    next,
  }: {
    readonly pk: string;
    readonly row?: IdentityRow | undefined;
    readonly next: IdentityRow;
  }) {
    const sets = Object.entries(attributesOf(next));
    const seen = attributesOf(row ?? {});
    const isAsSeen = ['profileId', 'erasedAt'].map((name) =>
      name in seen ? `${name} = :seen_${name}` : `attribute_not_exists(${name})`,
    );
    return {
      TableName: this.#table,
      Key: { pk: { S: pk } },
      UpdateExpression: `SET ${sets.map(([name]) => `${name} = :next_${name}`).join(', ')}`,
      ConditionExpression: isAsSeen.join(' AND '),
      ExpressionAttributeValues: Object.fromEntries([
        ...sets.map(([name, value]) => [`:next_${name}`, value]),
        ...Object.entries(seen).map(([name, value]) => [`:seen_${name}`, value]),
      ]) as Item,
    };
  }

  async #commit(updates: readonly Update[]): Promise<boolean> {
    const [only] = updates;
    if (only !== undefined && updates.length === 1)
      return conditionHeld(this.#client.send(new UpdateItemCommand(only)));
    const TransactItems = updates.map((update) => ({ Update: update }));
    return transactionHeld(this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
  }
}

const unseen = (identities: readonly Identity[]): readonly SeenIdentity[] =>
  identities.map((identity) => ({ identity, row: undefined }));

type Update = UpdateItemCommandInput & { readonly UpdateExpression: string };

const latest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

const rowOf = ({ profileId, erasedAt }: Item): IdentityRow => ({
  ...(profileId?.S !== undefined && { profileId: profileId.S }),
  ...(erasedAt?.N !== undefined && { erasedAt: Number(erasedAt.N) }),
});

const attributesOf = ({ profileId, erasedAt }: IdentityRow): Item => ({
  ...(profileId !== undefined && { profileId: { S: profileId } }),
  ...(erasedAt !== undefined && { erasedAt: { N: String(erasedAt) } }),
});

export function rowKey(sandboxName: string, identity: Identity, secret: string): string {
  return `${sandboxName}#${createHmac('sha256', secret).update(identityKey(identity)).digest('base64url')}`;
}
