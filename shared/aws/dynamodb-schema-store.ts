/**
 * Schema extensions in the table `control`, by sandbox:
 *
 *   SCHEMA#<name>             the extension as it is
 *   SCHEMA#<name>#V#<000001>  each version as it was, never changed again
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import type { SchemaName } from '#shared/schema/field-schema.ts';
import type { CurrentSchemas, SchemaStore, SchemaVersion, SchemaVersions } from '#shared/schema/schema-store.ts';
import { transactionHeld } from './conditional-writes.ts';

const currentKey = (name: SchemaName) => `SCHEMA#${name}`;
const versionKey = (name: SchemaName, version: number) => `${currentKey(name)}#V#${String(version).padStart(6, '0')}`;

export class DynamoSchemaStore implements SchemaStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async find(sandboxName: SandboxName): Promise<CurrentSchemas> {
    const [profile, event] = await Promise.all([
      this.#get(sandboxName, currentKey('profile')),
      this.#get(sandboxName, currentKey('event')),
    ]);
    return { ...(profile && { profile }), ...(event && { event }) };
  }

  async findVersions(sandboxName: SandboxName, versions: SchemaVersions): Promise<SchemaExtensions> {
    const [profile, event] = await Promise.all([
      this.#getVersion(sandboxName, 'profile', versions.profile),
      this.#getVersion(sandboxName, 'event', versions.event),
    ]);
    return { ...(profile && { profile: profile.extension }), ...(event && { event: event.extension }) };
  }

  async put(pk: SandboxName, schema: SchemaVersion): Promise<boolean> {
    const { name, version } = schema;
    // As text: an extension is nested deeper than a map of DynamoDB may be.
    const item = { pk, version, schema: JSON.stringify(schema) };
    const unchanged =
      version === 1
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :previous',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':previous': version - 1 },
          };
    const TableName = this.#table;
    const writes = [
      { Put: { TableName, Item: { ...item, sk: currentKey(name) }, ...unchanged } },
      { Put: { TableName, Item: { ...item, sk: versionKey(name, version) } } },
    ];
    return transactionHeld(this.#client.send(new TransactWriteCommand({ TransactItems: writes })));
  }

  async #getVersion(sandboxName: SandboxName, name: SchemaName, version: number | undefined) {
    if (version === undefined) return undefined;
    const found = await this.#get(sandboxName, versionKey(name, version));
    invariant(found, `version ${version} of the schema "${name}" is kept for ever`);
    return found;
  }

  async #get(pk: SandboxName, sk: string): Promise<SchemaVersion | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { pk, sk }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : (JSON.parse(Item.schema as string) as SchemaVersion);
  }
}
