/** Destinations in the table `control`, under `DEST#<id>`. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Destination, DestinationStore } from '#shared/activation/destination.ts';
import { conditionHeld } from './conditional-writes.ts';

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

  put(before: Destination | undefined, after: Destination): Promise<boolean> {
    const Item = { pk: after.sandboxName, sk: `${PREFIX}${after.id}`, version: after.version, destination: after };
    const unchanged = before === undefined ? { ConditionExpression: 'attribute_not_exists(pk)' } : isAt(before);
    return conditionHeld(this.#client.send(new PutCommand({ TableName: this.#table, Item, ...unchanged })));
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
