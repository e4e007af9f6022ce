/** Destinations in the table `control`, under `DEST#<id>`; how often one was added or changed, under `DESTINATIONS`. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { DecidedBy, Destination, DestinationStore, StandingDestinations } from '#shared/activation/destination.ts';
import { conditionHeld, transactionHeld } from './conditional-writes.ts';
import { ABSENT, DESTINATIONS_KEY, hasRevision, hasRules, RULES_KEY } from './control-items.ts';

const PREFIX = 'DEST#';

export class DynamoDestinationStore implements DestinationStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async find(sandboxName: string, id: string): Promise<Destination | undefined> {
    const Key = { pk: sandboxName, sk: `${PREFIX}${id}` };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item?.destination as Destination | undefined;
  }

  async list(sandboxName: string): Promise<readonly Destination[]> {
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :sandbox AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':sandbox': sandboxName, ':prefix': PREFIX },
    };
    const found: Destination[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      found.push(...Items.map(({ destination }) => destination as Destination));
    }
    return found;
  }

  /** The count first: what is added between the two reads makes the count that was read too small. */
  async standing(sandboxName: string): Promise<StandingDestinations> {
    const Key = { pk: sandboxName, sk: DESTINATIONS_KEY };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return { revision: (Item?.revision as number | undefined) ?? 0, destinations: await this.list(sandboxName) };
  }

  async put(before: Destination | undefined, after: Destination, decidedBy?: DecidedBy): Promise<boolean> {
    const Item = { pk: after.sandboxName, sk: `${PREFIX}${after.id}`, version: after.version, destination: after };
    const unchanged = before === undefined ? ABSENT : isAt(before);
    const Put = { TableName: this.#table, Item, ...unchanged };
    if (decidedBy === undefined) return conditionHeld(this.#client.send(new PutCommand(Put)));
    const TransactItems = [{ Put }, ...this.#held(after.sandboxName, decidedBy)];
    return transactionHeld(this.#client.send(new TransactWriteCommand({ TransactItems })));
  }

  /** One more change of the sandbox's destinations, by rules that are those which were read. */
  #held(pk: string, { revision, rulesVersion }: DecidedBy) {
    const TableName = this.#table;
    const Item = { pk, sk: DESTINATIONS_KEY, revision: revision + 1 };
    const rules = rulesVersion === 0 ? ABSENT : hasRules(rulesVersion);
    return [
      { Put: { TableName, Item, ...(revision === 0 ? ABSENT : hasRevision(revision)) } },
      { ConditionCheck: { TableName, Key: { pk, sk: RULES_KEY }, ...rules } },
    ];
  }

  remove(destination: Destination): Promise<boolean> {
    const Key = { pk: destination.sandboxName, sk: `${PREFIX}${destination.id}` };
    return conditionHeld(this.#client.send(new DeleteCommand({ TableName: this.#table, Key, ...isAt(destination) })));
  }
}

const isAt = ({ version }: Destination) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': version },
});
