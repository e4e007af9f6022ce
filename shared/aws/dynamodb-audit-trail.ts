/** The audit trail in the table `control`: `AUDIT#<time>-<id>` of its sandbox. Kept for good. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEvent, AuditEventList, AuditPage, AuditTrail } from '#shared/api/audit.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';

const PREFIX = 'AUDIT#';
/** After every character of a time and an id. */
const LAST = '~';
/** A difference holds two expressions at most; what an item can't hold is named without its text. */
const DIFFERENCES_LENGTH_MAX = 250_000;

export class DynamoAuditTrail implements AuditTrail {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async write(sandboxName: SandboxName, event: AuditEvent): Promise<void> {
    const Item = { pk: sandboxName, sk: `${PREFIX}${event.time}-${event.id}`, event: JSON.stringify(storable(event)) };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async list(sandboxName: SandboxName, { limit, after, from = '', to }: AuditPage): Promise<AuditEventList> {
    const first = `${PREFIX}${utc(from)}`;
    const last = `${PREFIX}${after ?? (to === undefined ? LAST : utc(to))}`;
    if (last < first) return { events: [], next: null };
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        ScanIndexForward: false,
        // BETWEEN takes in its ends; the cursor's own row was answered already.
        Limit: limit + 2,
        KeyConditionExpression: 'pk = :sandbox AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':sandbox': sandboxName, ':first': first, ':last': last },
      }),
    );
    const rows = Items.filter(({ sk }) => sk !== last);
    const shown = rows.slice(0, limit);
    const oldest = String(shown.at(-1)?.sk);
    return {
      events: shown.map(({ event }) => JSON.parse(event) as AuditEvent),
      next: rows.length > limit ? oldest.slice(PREFIX.length) : null,
    };
  }
}

/** Times are kept in UTC, so they are looked up in it. */
const utc = (time: string) => (time === '' ? '' : new Date(time).toISOString());

function storable(event: AuditEvent): AuditEvent {
  if (JSON.stringify(event.differences ?? []).length <= DIFFERENCES_LENGTH_MAX) return event;
  return { ...event, differences: (event.differences ?? []).map(({ path }) => ({ path })) };
}
