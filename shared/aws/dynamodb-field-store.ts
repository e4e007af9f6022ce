/**
 * Observed fields in the table `control`, by sandbox:
 *
 *   FIELD#<subject>          the paths that are observed
 *   FIELD#<subject>#<path>   the sketch of one of them, packed
 *
 * and in the service's own partition `OBSERVED#<shard>`: how far the records of a shard were observed.
 */
import { DynamoDBClient, GetItemCommand, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { FieldSketch } from '#shared/schema/observed/field-sketch.ts';
import type { FieldIndex, FieldKey, FieldStore, StoredField } from '#shared/schema/observed/field-store.ts';
import { NO_FIELDS } from '#shared/schema/observed/field-store.ts';
import type { Subject } from '#shared/schema/observed/observe.ts';
import { conditionHeld } from './conditional-writes.ts';
import { batchGet, type Item } from './dynamodb-batches.ts';

const indexKey = (subject: Subject) => `FIELD#${subject}`;
const fieldPrefix = (subject: Subject) => `FIELD#${subject}#`;
/** No sandbox may be named so: it holds what belongs to the service as a whole. */
const SERVICE_PARTITION = '#service';
/** A shard's records are gone after a year at the latest; its progress may go a little later. */
const PROGRESS_KEPT_MS = 366 * 86_400_000;

export class DynamoFieldStore implements FieldStore {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
  }

  async findIndex(sandboxName: string, subject: Subject): Promise<FieldIndex> {
    const item = await this.#get({ pk: { S: sandboxName }, sk: { S: indexKey(subject) } });
    return item === undefined ? NO_FIELDS : (JSON.parse(item.index?.S as string) as FieldIndex);
  }

  async putIndex(sandboxName: string, subject: Subject, index: FieldIndex): Promise<boolean> {
    const key = { pk: { S: sandboxName }, sk: { S: indexKey(subject) } };
    return this.#putVersion({ ...key, index: { S: JSON.stringify(index) } }, index.version);
  }

  async findMany(keys: readonly FieldKey[]): Promise<readonly StoredField[]> {
    const items = await batchGet(
      this.#client,
      this.#table,
      keys.map((key) => keyOf(key)),
    );
    return items.map(fieldOf);
  }

  async put({ version, sketch, ...key }: StoredField): Promise<boolean> {
    return this.#putVersion({ ...keyOf(key), sketch: { B: sketch.toBytes() } }, version);
  }

  async list(sandboxName: string, subject: Subject): Promise<readonly StoredField[]> {
    const fields: StoredField[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :sandbox AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':sandbox': { S: sandboxName }, ':prefix': { S: fieldPrefix(subject) } },
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      fields.push(...Items.map(fieldOf));
    }
    return fields;
  }

  async findProgress(shardId: string): Promise<string | undefined> {
    return (await this.#get(progressKey(shardId)))?.sequenceNumber?.S;
  }

  async putProgress(shardId: string, sequenceNumber: string, now: number): Promise<void> {
    const expiresAt = { N: String(Math.ceil((now + PROGRESS_KEPT_MS) / 1000)) };
    const Item = { ...progressKey(shardId), sequenceNumber: { S: sequenceNumber }, expiresAt };
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  async #get(Key: Item): Promise<Item | undefined> {
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item;
  }

  async #putVersion(item: Item, version: number): Promise<boolean> {
    const unchanged =
      version === 1
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :previous',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':previous': { N: String(version - 1) } },
          };
    const Item = { ...item, version: { N: String(version) } };
    return conditionHeld(this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ...unchanged })));
  }
}

const keyOf = ({ sandboxName, subject, path }: FieldKey): Item => ({
  pk: { S: sandboxName },
  sk: { S: `${fieldPrefix(subject)}${path}` },
});

const progressKey = (shardId: string): Item => ({ pk: { S: SERVICE_PARTITION }, sk: { S: `OBSERVED#${shardId}` } });

function fieldOf({ pk, sk, version, sketch }: Item): StoredField {
  const [, subject, ...path] = String(sk?.S).split('#');
  return {
    sandboxName: String(pk?.S),
    subject: subject as Subject,
    path: path.join('#'),
    version: Number(version?.N),
    sketch: FieldSketch.fromBytes(sketch?.B as Uint8Array),
  };
}
