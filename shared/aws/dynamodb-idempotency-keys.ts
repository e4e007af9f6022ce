/** `IDEM#<digest of operation, caller and key>` in the table `control`; the table forgets them by itself. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { FirstRequest, IdempotencyKeys, KeptAnswer } from '#shared/api/idempotency.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { conditionHeld } from './conditional-writes.ts';

interface Row {
  readonly digest: string;
  readonly answer?: KeptAnswer;
}

export class DynamoIdempotencyKeys implements IdempotencyKeys {
  readonly #table: string;
  readonly #now: () => number;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, now: () => number, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#now = now;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async begin(sandboxName: SandboxName, key: string, digest: string, until: number): Promise<FirstRequest> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: { ...keyOf(sandboxName, key), digest, until, expiresAt: seconds(until) },
      // What has expired may lie about for days before the table removes it.
      ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':now': this.#now() },
    });
    if (await conditionHeld(this.#client.send(put))) return { kind: 'begun' };
    return (await this.#known(sandboxName, key)) ?? this.begin(sandboxName, key, digest, until);
  }

  async finish(
    sandboxName: SandboxName,
    key: string,
    digest: string,
    answer: KeptAnswer,
    until: number,
  ): Promise<void> {
    const Item = { ...keyOf(sandboxName, key), digest, answer, until, expiresAt: seconds(until) };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async forget(sandboxName: SandboxName, key: string): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: keyOf(sandboxName, key) }));
  }

  /** Nothing if it was forgotten meanwhile. */
  async #known(sandboxName: SandboxName, key: string): Promise<FirstRequest | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(sandboxName, key), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { digest, answer } = Item as unknown as Row;
    return { kind: 'known', digest, ...(answer === undefined ? {} : { answer }) };
  }
}

const keyOf = (sandboxName: SandboxName, key: string) => ({ pk: sandboxName, sk: `IDEM#${key}` });
const seconds = (milliseconds: number) => Math.ceil(milliseconds / 1000);
