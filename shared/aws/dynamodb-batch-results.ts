/** Item `B` of a profile in the table `profiles`: what batch jobs found, 25 conditional writes a call. */
import { BatchExecuteStatementCommand, type BatchStatementRequest, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { decodeBatchResults, encodeBatchResults } from '#shared/profile/batch-results.ts';
import type { BatchResultsStore, BatchResultsWrite, StoredBatchResults } from '#shared/profile/batch-results-store.ts';
import { type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import { batchGet, inBatches } from './dynamodb-batches.ts';

const STATEMENTS_MAX = 25;
const SORT_KEY = { S: 'B' };

/** A write that lost, or was turned away for now: the caller reads again. */
const LOST: ReadonlySet<string | undefined> = new Set([
  'ConditionalCheckFailed',
  'DuplicateItem',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

export class DynamoBatchResults implements BatchResultsStore {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
  }

  async read(keys: readonly ProfileKey[]): Promise<ReadonlyMap<string, StoredBatchResults>> {
    const wanted = [...new Set(keys.map(profileKeyText))].map((pk) => ({ pk: { S: pk }, sk: SORT_KEY }));
    const items = await batchGet(this.#client, this.#table, wanted);
    return new Map(
      items.map(({ pk, version, data }) => {
        const results = decodeBatchResults(data?.B as Uint8Array);
        return [pk?.S as string, { version: Number(version?.N), results }] as const;
      }),
    );
  }

  async write(writes: readonly BatchResultsWrite[]): Promise<readonly ('written' | 'conflict')[]> {
    const outcomes = await Promise.all(inBatches(writes, STATEMENTS_MAX).map((batch) => this.#writeBatch(batch)));
    return outcomes.flat();
  }

  async #writeBatch(writes: readonly BatchResultsWrite[]): Promise<('written' | 'conflict')[]> {
    const Statements = writes.map((write) => statementOf(this.#table, write));
    const { Responses = [] } = await this.#client.send(new BatchExecuteStatementCommand({ Statements }));
    return writes.map((_, index) => {
      const error = Responses[index]?.Error;
      if (error === undefined) return 'written';
      if (LOST.has(error.Code)) return 'conflict';
      throw new Error(`${error.Code}: ${error.Message}`);
    });
  }
}

function statementOf(table: string, { key, expectedVersion, results }: BatchResultsWrite): BatchStatementRequest {
  const pk = { S: profileKeyText(key) };
  const data = { B: encodeBatchResults(results) };
  const version = { N: String(expectedVersion + 1) };
  if (expectedVersion === 0) {
    return {
      Statement: `INSERT INTO "${table}" VALUE {'pk': ?, 'sk': ?, 'version': ?, 'data': ?}`,
      Parameters: [pk, SORT_KEY, version, data],
    };
  }
  return {
    Statement: `UPDATE "${table}" SET "version" = ?, "data" = ? WHERE "pk" = ? AND "sk" = ? AND "version" = ?`,
    Parameters: [version, data, pk, SORT_KEY, { N: String(expectedVersion) }],
  };
}
