/** Settings in the table `control` under a prefix of their own, each change in one transaction with the rules. */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, paginateQuery, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { RulesResource, RulesResourceCommit, RulesResourceStore } from '#shared/segment/rules-resource-store.ts';
import { destinationsItems, rulesItems } from './control-items.ts';

/** `POLICY#<id>` a merge policy, `CA#<id>` a computed attribute. */
export type RulesResourcePrefix = 'POLICY#' | 'CA#';

const LOST = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', undefined]);

export class DynamoRulesResources<Resource extends RulesResource> implements RulesResourceStore<Resource> {
  readonly #table: string;
  readonly #prefix: RulesResourcePrefix;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, prefix: RulesResourcePrefix, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#prefix = prefix;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async find(sandboxName: SandboxName, id: string): Promise<Resource | undefined> {
    const Key = { pk: sandboxName, sk: `${this.#prefix}${id}` };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item?.resource as Resource | undefined;
  }

  async list(sandboxName: SandboxName): Promise<readonly Resource[]> {
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :sandbox AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':sandbox': sandboxName, ':prefix': this.#prefix },
    };
    const found: Resource[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      for (const { resource } of Items) found.push(resource as Resource);
    }
    return found;
  }

  async commit(commit: RulesResourceCommit<Resource>): Promise<'committed' | 'changed'> {
    const others = [...rulesItems(commit, this.#table), ...destinationsItems(commit, this.#table)];
    const TransactItems = [...this.#itemsOf(commit), ...others.map(({ write }) => write)];
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems }));
      return 'committed';
    } catch (error) {
      const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (reasons.length === 0 || !reasons.every(({ Code }) => LOST.has(Code))) throw error;
      return 'changed';
    }
  }

  #itemsOf({ sandboxName: pk, before, after }: RulesResourceCommit<Resource>) {
    const id = (after ?? before)?.id;
    if (id === undefined) return [];
    const key = { pk, sk: `${this.#prefix}${id}` };
    const unchanged =
      before === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': before.version },
          };
    if (after === undefined) return [{ Delete: { TableName: this.#table, Key: key, ...unchanged } }];
    const Item = { ...key, version: after.version, resource: after };
    return [{ Put: { TableName: this.#table, Item, ...unchanged } }];
  }
}
