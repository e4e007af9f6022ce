/**
 * Previews in the table `control`, by sandbox:
 *
 *   PREVIEW#<id>  the question and what was counted so far, deflated; gone by the table's expiry
 *   CENSUS        how many profiles there are, as far as previews have seen
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Census } from '#shared/preview/census.ts';
import type { Preview } from '#shared/preview/preview.ts';
import type { PreviewStore } from '#shared/preview/preview-store.ts';
import { conditionHeld } from './conditional-writes.ts';

const CENSUS_KEY = 'CENSUS';
const previewKey = (id: string) => `PREVIEW#${id}`;

export class DynamoPreviewStore implements PreviewStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async find(sandboxName: string, id: string, now: number): Promise<Preview | undefined> {
    const item = await this.#get(sandboxName, previewKey(id));
    // The table's own expiry comes late.
    if (item === undefined || Number(item.expiresAt) * 1000 <= now) return undefined;
    return JSON.parse(inflateRawSync(item.data as Uint8Array).toString()) as Preview;
  }

  async put(preview: Preview, expiresAt: number): Promise<boolean> {
    const { sandboxName: pk, id, revision } = preview;
    const isFirst = revision === 1;
    const data = deflateRawSync(JSON.stringify(preview));
    const put = new PutCommand({
      TableName: this.#table,
      Item: { pk, sk: previewKey(id), revision, data, expiresAt: Math.ceil(expiresAt / 1000) },
      ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'revision = :before',
      ...(isFirst ? {} : { ExpressionAttributeValues: { ':before': revision - 1 } }),
    });
    return conditionHeld(this.#client.send(put));
  }

  async remove(sandboxName: string, id: string): Promise<boolean> {
    const Key = { pk: sandboxName, sk: previewKey(id) };
    const remove = new DeleteCommand({ TableName: this.#table, Key, ReturnValues: 'ALL_OLD' });
    return (await this.#client.send(remove)).Attributes !== undefined;
  }

  async findCensus(sandboxName: string): Promise<Census | undefined> {
    return (await this.#get(sandboxName, CENSUS_KEY))?.census as Census | undefined;
  }

  async putCensus(sandboxName: string, census: Census): Promise<void> {
    const Item = { pk: sandboxName, sk: CENSUS_KEY, census };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async #get(pk: string, sk: string): Promise<Record<string, unknown> | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: { pk, sk }, ConsistentRead: true });
    return (await this.#client.send(get)).Item;
  }
}
