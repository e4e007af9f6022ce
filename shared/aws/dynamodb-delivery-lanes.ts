/**
 * Lanes of destinations in the table `control`:
 *
 *   LANE#<destination>#<shard>      how far it has been told
 *   REFUSED#<destination>#<batch>   what it turned away, until it was sent again
 */
import { DynamoDBClient, ReturnValue } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type {
  DeliveryLanes,
  Lane,
  LaneHold,
  LaneKey,
  LaneProgress,
  RefusedBatch,
  Taken,
} from '#shared/activation/delivery-lane.ts';
import { unlessRefused } from './conditional-writes.ts';

const laneKey = ({ sandboxName, destinationId, shard }: LaneKey) => ({
  pk: sandboxName,
  sk: `LANE#${destinationId}#${String(shard).padStart(2, '0')}`,
});
const refusedKey = ({
  sandboxName,
  destinationId,
  id,
}: Pick<RefusedBatch, 'sandboxName' | 'destinationId' | 'id'>) => ({
  pk: sandboxName,
  sk: `REFUSED#${destinationId}#${id}`,
});

type Values = Readonly<Record<string, unknown>>;

interface Update {
  readonly set: Values;
  readonly add?: Values;
  readonly condition?: string;
  readonly values?: Values;
}

export class DynamoDeliveryLanes implements DeliveryLanes {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async begin(key: LaneKey, position: number): Promise<void> {
    const Item = { ...laneKey(key), ...key, position };
    const put = new PutCommand({ TableName: this.#table, Item, ConditionExpression: 'attribute_not_exists(pk)' });
    await unlessRefused(this.#client.send(put));
  }

  async list(sandboxName: string, destinationId: string): Promise<readonly Lane[]> {
    return (await this.#query(sandboxName, `LANE#${destinationId}#`)).map(toLane);
  }

  /** Counted in a request of its own: whoever holds the lane must see it, also where it can't be had. */
  async take(key: LaneKey, { now, heldUntil, attempt }: LaneHold): Promise<Taken> {
    const { sandboxName, destinationId, shard } = key;
    const seen = await this.#update(key, { set: { sandboxName, destinationId, shard }, add: { wanted: 1 } });
    if (seen === undefined || seen.heldUntil >= now) return 'held';
    if (seen.failures > attempt) return 'waiting';
    const taken = await this.#update(key, {
      set: { heldUntil },
      condition: 'attribute_not_exists(heldUntil) OR heldUntil < :now',
      values: { ':now': now },
    });
    return taken ?? 'held';
  }

  advance(
    lane: Lane,
    { delivered = 0, lost = 0, withheld = 0, letsGo, ...progress }: LaneProgress,
  ): Promise<Lane | undefined> {
    return this.#update(lane, {
      set: { ...progress, ...(letsGo && { heldUntil: 0 }) },
      add: { delivered, lost, withheld },
      condition: 'heldUntil = :mine',
      values: { ':mine': lane.heldUntil },
    });
  }

  async letGo(lane: Lane): Promise<boolean> {
    const free = await this.#update(lane, {
      set: { heldUntil: 0 },
      condition: 'heldUntil = :mine AND wanted = :seen',
      values: { ':mine': lane.heldUntil, ':seen': lane.wanted },
    });
    return free !== undefined;
  }

  async forgive(key: LaneKey): Promise<void> {
    await this.#update(key, { set: { failures: 0 }, condition: 'attribute_exists(pk)' });
  }

  async removeAll(sandboxName: string, destinationId: string): Promise<void> {
    for (const prefix of [`LANE#${destinationId}#`, `REFUSED#${destinationId}#`]) {
      for (const { sk } of await this.#query(sandboxName, prefix)) {
        await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: { pk: sandboxName, sk } }));
      }
    }
  }

  async setAside(batch: RefusedBatch): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...refusedKey(batch), batch } }));
  }

  async findRefused(sandboxName: string, destinationId: string, id: string): Promise<RefusedBatch | undefined> {
    const Key = refusedKey({ sandboxName, destinationId, id });
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item?.batch as RefusedBatch | undefined;
  }

  async listRefused(sandboxName: string, destinationId: string, limit: number): Promise<readonly RefusedBatch[]> {
    const items = await this.#query(sandboxName, `REFUSED#${destinationId}#`, limit);
    return items.map(({ batch }) => batch as RefusedBatch);
  }

  async removeRefused(batch: RefusedBatch): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: refusedKey(batch) }));
  }

  async #query(sandboxName: string, prefix: string, limit = Number.POSITIVE_INFINITY): Promise<Values[]> {
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :sandbox AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':sandbox': sandboxName, ':prefix': prefix },
      ...(Number.isFinite(limit) && { Limit: limit }),
    };
    const found: Values[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      found.push(...Items);
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  /** The lane afterwards; undefined where the condition did not hold. */
  async #update(key: LaneKey, { set, add = {}, condition, values = {} }: Update): Promise<Lane | undefined> {
    const names = [...Object.keys(set), ...Object.keys(add)];
    const sets = Object.keys(set).map((name) => `#${name} = :${name}`);
    const adds = Object.keys(add).map((name) => `#${name} :${name}`);
    const parts = [sets.length > 0 && `SET ${sets.join(', ')}`, adds.length > 0 && `ADD ${adds.join(', ')}`];
    const given = Object.entries({ ...set, ...add }).map(([name, value]) => [`:${name}`, value] as const);
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: laneKey(key),
      UpdateExpression: parts.filter((part) => part !== false).join(' '),
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: { ...Object.fromEntries(given), ...values },
      ...(condition !== undefined && { ConditionExpression: condition }),
      ReturnValues: ReturnValue.ALL_NEW,
    });
    const done = await unlessRefused(this.#client.send(update));
    return done?.Attributes === undefined ? undefined : toLane(done.Attributes);
  }
}

function toLane(item: Values): Lane {
  const { pk: _, sk: __, lastError, lastDeliveredAt, ...kept } = item;
  return {
    ...{ position: 0, failures: 0, wanted: 0, heldUntil: 0, delivered: 0, lost: 0, withheld: 0 },
    ...(kept as unknown as LaneKey),
    ...(typeof lastError === 'string' && { lastError }),
    ...(typeof lastDeliveredAt === 'number' && { lastDeliveredAt }),
  };
}
