/**
 * Schedules in the table `control`, by sandbox:
 *
 *   SCHEDULE#<id>    the schedule
 *   SCHEDULED#<id>   what became of it when it was last due
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Firing, Schedule, ScheduleStore } from '#shared/schedule/schedule.ts';
import { conditionHeld } from './conditional-writes.ts';

const PREFIX = 'SCHEDULE#';
const keyOf = (pk: string, id: string) => ({ pk, sk: `${PREFIX}${id}` });
const firingKey = (pk: string, id: string) => ({ pk, sk: `SCHEDULED#${id}` });

const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' };
const hasVersion = ({ version }: Schedule) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': version },
});

export class DynamoScheduleStore implements ScheduleStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async find(sandboxName: string, id: string): Promise<Schedule | undefined> {
    return (await this.#get(keyOf(sandboxName, id)))?.schedule as Schedule | undefined;
  }

  async list(sandboxName: string): Promise<readonly Schedule[]> {
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': sandboxName, ':prefix': PREFIX },
    };
    const found: Schedule[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      found.push(...Items.map(({ schedule }) => schedule as Schedule));
    }
    return found;
  }

  put(before: Schedule | undefined, schedule: Schedule): Promise<boolean> {
    const Item = { ...keyOf(schedule.sandboxName, schedule.id), version: schedule.version, schedule };
    const condition = before === undefined ? ABSENT : hasVersion(before);
    return conditionHeld(this.#client.send(new PutCommand({ TableName: this.#table, Item, ...condition })));
  }

  delete(before: Schedule): Promise<boolean> {
    const Key = keyOf(before.sandboxName, before.id);
    return conditionHeld(this.#client.send(new DeleteCommand({ TableName: this.#table, Key, ...hasVersion(before) })));
  }

  async noteFiring(sandboxName: string, id: string, firing: Firing): Promise<void> {
    const Item = { ...firingKey(sandboxName, id), firing };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async lastFiring(sandboxName: string, id: string): Promise<Firing | undefined> {
    return (await this.#get(firingKey(sandboxName, id)))?.firing as Firing | undefined;
  }

  async #get(Key: { readonly pk: string; readonly sk: string }) {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item;
  }
}
