/**
 * DynamoDB's end of the wire: requests are parsed and answered from the stores in memory. What reading requests and
 * writing answers takes is counted, so that it can be taken off what the adapters take; the stores' work is not.
 */
import { Readable } from 'node:stream';
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ProfileKey, ProfileStore, StoredProfile } from '#shared/profile/profile-store.ts';
import { cpuMicroseconds } from '../measure.ts';

type Wire = Readonly<Record<string, { readonly S?: string; readonly N?: string; readonly B?: string }>>;
type Handle = (request: never) => Promise<object>;

export interface StubbedTransport {
  readonly client: DynamoDBClient;
  /** Spent on this side of the wire so far. */
  spentMicroseconds(): number;
}

export const PROFILES_TABLE = 'profiles';
export const IDENTITIES_TABLE = 'identities';

interface Backing {
  readonly profiles: ProfileStore;
  /** The profile that an identity's row leads to. */
  readonly profileOf: (rowKey: string) => string | undefined;
}

export function stubbedTransport({ profiles, profileOf }: Backing): StubbedTransport {
  let spent = 0;
  // Only what runs in one go: during a wait the time is others'.
  const timed = <Value>(work: () => Value): Value => {
    const before = cpuMicroseconds();
    const value = work();
    spent += cpuMicroseconds() - before;
    return value;
  };
  const handlers: Readonly<Record<string, Handle>> = {
    BatchGetItem: ({ RequestItems }: GetRequest) => batchGet(RequestItems, profiles, profileOf),
    BatchExecuteStatement: ({ Statements }: { Statements: readonly Statement[] }) =>
      executeStatements(Statements, profiles),
    PutItem: async () => ({}),
  };
  const handle = async (request: { headers: Record<string, string>; body: string | Uint8Array }) => {
    const operation = (request.headers['x-amz-target'] as string).split('.')[1] as string;
    const parsed = timed(() => JSON.parse(Buffer.from(request.body as string).toString()));
    const answer = await (handlers[operation] as Handle)(parsed as never);
    const body = timed(() => Buffer.from(JSON.stringify(answer)));
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { response: { statusCode: 200, headers, body: Readable.from([body]) } };
  };
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: { handle } as never,
  });
  return { client, spentMicroseconds: () => spent };
}

function keyOf(pk: string): ProfileKey {
  const at = pk.indexOf('#');
  return { sandboxName: pk.slice(0, at), profileId: pk.slice(at + 1) };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

interface GetRequest {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly Wire[] }>>;
}

async function batchGet(
  requests: GetRequest['RequestItems'],
  profiles: ProfileStore,
  profileOf: Backing['profileOf'],
): Promise<object> {
  const [[table, { Keys }]] = Object.entries(requests) as [[string, { readonly Keys: readonly Wire[] }]];
  const pks = [...new Set(Keys.map(({ pk }) => pk?.S as string))];
  if (table === IDENTITIES_TABLE) {
    const rows = pks.flatMap((pk) => {
      const profileId = profileOf(pk);
      return profileId === undefined ? [] : [{ pk: { S: pk }, profileId: { S: profileId } }];
    });
    return { Responses: { [table]: rows }, UnprocessedKeys: {} };
  }
  const found = await profiles.read(pks.map(keyOf));
  const items = [...found].flatMap(([pk, stored]) => itemsOf(pk, stored));
  const wanted = new Set(Keys.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`));
  return { Responses: { [table]: items.filter(({ pk, sk }) => wanted.has(`${pk.S} ${sk.S}`)) }, UnprocessedKeys: {} };
}

function itemsOf(pk: string, { version, state, dueAt, attributes }: StoredProfile) {
  const due = dueAt === undefined ? {} : { dueShard: { N: '1' }, dueAt: { N: String(dueAt) } };
  const place = { pk: { S: pk }, version: { N: String(version) }, rulesVersion: { N: '1' } };
  const hot = { ...place, sk: { S: 'H' }, state: { B: base64(state) }, ...due };
  return attributes === undefined ? [hot] : [hot, { pk: { S: pk }, sk: { S: 'A' }, data: { B: base64(attributes) } }];
}

interface Statement {
  readonly Statement: string;
  readonly Parameters: readonly AttributeValue[];
}

async function executeStatements(statements: readonly Statement[], profiles: ProfileStore): Promise<object> {
  const outcomes = await profiles.write(statements.map(writeOf));
  const answerOf = (outcome: string) =>
    outcome === 'written' ? { TableName: PROFILES_TABLE } : { Error: { Code: 'ConditionalCheckFailed' } };
  return { Responses: outcomes.map(answerOf) };
}

/** Reads back what the adapter says: names and values stand in the same order. */
function writeOf({ Statement: text, Parameters }: Statement) {
  const [beforeWhere] = text.split(' WHERE ') as [string];
  const names = [...beforeWhere.matchAll(/["'](\w+)["'] ?[=:] \?/g)].map(([, name]) => name as string);
  const values = Object.fromEntries(names.map((name, index) => [name, Parameters[index]])) as Wire;
  const pk = values.pk ?? (Parameters.at(-3) as Wire[string]);
  const bytes = (value: Wire[string] | undefined) =>
    value?.B === undefined ? undefined : new Uint8Array(Buffer.from(value.B, 'base64'));
  const { dueShard, dueAt } = values;
  return {
    key: keyOf(pk?.S as string),
    expectedVersion: Number(values.version?.N) - 1,
    rulesVersion: Number(values.rulesVersion?.N),
    state: bytes(values.state) as Uint8Array,
    due: dueAt === undefined ? undefined : { shard: Number(dueShard?.N), at: Number(dueAt.N) },
    changes: bytes(values.changes),
  };
}
