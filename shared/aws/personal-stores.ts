/** Every place besides profile and identities that may hold something of a person, and how it is cleared there. */
import { DeleteItemCommand, DynamoDBClient, paginateQuery, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { clearHistory } from '#shared/privacy/clear-history.ts';
import type { ErasedPerson, PersonalStore } from '#shared/privacy/erasure-job.ts';
import { isAboutPerson } from '#shared/privacy/event-traces.ts';
import { withoutPersonIn } from '#shared/privacy/failed-payload.ts';
import { DELIVERY_FILES_MAX } from '#shared/privacy/receipt.ts';
import { profileKeyText } from '#shared/profile/profile-store.ts';
import { DynamoFieldStore } from './dynamodb-field-store.ts';
import { DynamoHistoryStore } from './dynamodb-history-store.ts';
import { deliveryFiles, uploadedAudiences } from './handed-on-files.ts';
import { S3Objects } from './s3-objects.ts';

export interface PersonalTables {
  readonly profiles: string;
  readonly history: string;
  readonly changes: string;
  readonly control: string;
  readonly bucket: string;
  readonly feedShards: number;
  readonly retentionMs: number;
}

export function personalStores(
  tables: PersonalTables,
  client = new DynamoDBClient({}),
  s3 = new S3Client({}),
): readonly PersonalStore[] {
  const objects = (prefix: string) => new S3Objects(tables.bucket, prefix, s3);
  return [
    clearHistory(new DynamoHistoryStore(tables.history, tables.retentionMs, client)),
    batchResults(tables.profiles, client),
    parked(objects('parked/')),
    objectsAbout('quarantine', objects('quarantine/'), (text, person) => keptOfQuarantined(text, person)),
    objectsAbout('failed batches', objects('aws/lambda/'), withoutPersonIn),
    audits(objects('audits/')),
    changeFeed(tables, client),
    deliveryFiles(objects('deliveries/'), DELIVERY_FILES_MAX),
    uploadedAudiences(objects('jobs/')),
    observedValues(new DynamoFieldStore(tables.control, client)),
  ];
}

/** Written by a job that still read whom it was about. */
const batchResults = (TableName: string, client: DynamoDBClient): PersonalStore => ({
  name: 'batch results',
  clear: async ({ sandboxName, profileIds }) => {
    let removed = 0;
    for (const profileId of profileIds) {
      const Key = { pk: { S: profileKeyText({ sandboxName, profileId }) }, sk: { S: 'B' } };
      const { Attributes } = await client.send(new DeleteItemCommand({ TableName, Key, ReturnValues: 'ALL_OLD' }));
      removed += Attributes === undefined ? 0 : 1;
    }
    return removed;
  },
});

const PAGE = 1_000;

const parked = (objects: S3Objects): PersonalStore => ({
  name: 'parked items',
  clear: async ({ sandboxName, profileIds }) => {
    let removed = 0;
    for (const profileId of profileIds) {
      for (let after: string | undefined, isMore = true; isMore; ) {
        const { entries, next } = await objects.list(`${sandboxName}/${profileId}/`, { after, limit: PAGE });
        await objects.remove(entries.map(({ name }) => name));
        removed += entries.length;
        [after, isMore] = [next, next !== undefined];
      }
    }
    return removed;
  },
});

/** `keep`: what is left of an object without the person; undefined for nothing, the same text where it is not about them. */
const objectsAbout = (
  name: string,
  objects: S3Objects,
  keep: (text: string, person: ErasedPerson) => string | undefined,
): PersonalStore => ({
  name,
  clear: async (person) => {
    let changed = 0;
    for (let after: string | undefined, isMore = true; isMore; ) {
      const { entries, next } = await objects.list('', { after, limit: PAGE });
      for (const [object, text] of await objects.readAll(entries.map((entry) => entry.name))) {
        const kept = keep(text, person);
        if (kept === text) continue;
        if (kept === undefined) await objects.remove([object]);
        else await objects.put(object, JSON.parse(kept));
        changed += 1;
      }
      [after, isMore] = [next, next !== undefined];
    }
    return changed;
  },
});

/** Both sides of a difference are an object whose name ends in the sandbox, the profile and its version. */
const audits = (objects: S3Objects): PersonalStore => ({
  name: 'audits',
  clear: async ({ sandboxName, profileIds }) => {
    let removed = 0;
    const isTheirs = (name: string) => profileIds.some((profileId) => name.includes(`/${sandboxName}/${profileId}-`));
    for (let after: string | undefined, isMore = true; isMore; ) {
      const { entries, next } = await objects.list('', { after, limit: PAGE });
      const names = entries.map(({ name }) => name).filter(isTheirs);
      if (names.length > 0) await objects.remove(names);
      removed += names.length;
      [after, isMore] = [next, next !== undefined];
    }
    return removed;
  },
});

function keptOfQuarantined(text: string, person: ErasedPerson): string | undefined {
  const { record } = JSON.parse(text) as { readonly record: string };
  return isAboutPerson(record, person) ? undefined : text;
}

/** Rows stay, for a cursor counts them: which profile entered or left what, without the identities of whom that was. */
const changeFeed = ({ changes: TableName, feedShards }: PersonalTables, client: DynamoDBClient): PersonalStore => ({
  name: 'change feed',
  clear: async ({ sandboxName, profileIds }) => {
    const wanted = new Set(profileIds);
    let changed = 0;
    // All of them: when there were fewer, the same person was in another.
    for (let shard = 0; shard < feedShards && wanted.size > 0; shard++) {
      const query = {
        TableName,
        KeyConditionExpression: 'pk = :pk AND sk > :head',
        ExpressionAttributeValues: { ':pk': { S: `${sandboxName}#${shard}` }, ':head': { N: '0' } },
      };
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        for (const { pk, sk, change } of Items) {
          const row = JSON.parse(change?.S ?? '{}') as { readonly profileId: string; readonly identities: unknown[] };
          if (!wanted.has(row.profileId) || row.identities.length === 0 || !pk || !sk) continue;
          const text = JSON.stringify({ ...row, identities: [] });
          await client.send(
            new UpdateItemCommand({
              TableName,
              Key: { pk, sk },
              UpdateExpression: 'SET #change = :change',
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeNames: { '#change': 'change' },
              ExpressionAttributeValues: { ':change': { S: text } },
            }),
          );
          changed += 1;
        }
      }
    }
    return changed;
  },
});

/** A value that was seen more often is nobody's own: only how often it was seen is kept of it. */
const SEEN_MAX = 20;
const ATTEMPTS_MAX = 5;

const observedValues = (fields: DynamoFieldStore): PersonalStore => ({
  name: 'observed values',
  clear: async ({ sandboxName, values }) => {
    let removed = 0;
    for (let attempt = 1; ; attempt++) {
      let isOvertaken = false;
      for (const subject of ['profile', 'event'] as const) {
        for (const field of await fields.list(sandboxName, subject)) {
          const forgotten = field.sketch.forgetRare(values, SEEN_MAX);
          if (forgotten === 0) continue;
          if (await fields.put({ ...field, version: field.version + 1 })) removed += forgotten;
          else isOvertaken = true;
        }
      }
      if (!isOvertaken) return removed;
      if (attempt === ATTEMPTS_MAX) throw new Error('observed values were written by others again and again');
    }
  },
});
