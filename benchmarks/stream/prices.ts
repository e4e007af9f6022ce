/** What AWS asks for it. List prices as remembered at the date, on demand, us-east-1, in US dollars: check them with the sources before quoting a bill. */
export const PRICES = {
  date: '2025-11',
  checkedWithSources: false,
  region: 'us-east-1',
  sources: [
    'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    'https://aws.amazon.com/kinesis/data-streams/pricing/',
    'https://aws.amazon.com/lambda/pricing/',
    'https://aws.amazon.com/step-functions/pricing/',
  ],
  dynamoWriteUnits: 0.625 / 1e6,
  dynamoReadUnits: 0.125 / 1e6,
  dynamoGigabyteMonth: 0.25,
  /** Point-in-time recovery. */
  dynamoBackupGigabyteMonth: 0.2,
  /** A shard takes 1 MB or 1,000 records a second; 70 % of that are assumed to be used. */
  kinesisShardHour: 0.015,
  kinesisPayloadUnit: 0.014 / 1e6,
  /** Arm. */
  lambdaGigabyteSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  /** Of a standard workflow. */
  stepFunctionsTransition: 0.025 / 1000,
} as const;

const SHARD_RECORDS_PER_SECOND = 700;
const SHARD_BYTES_PER_SECOND = 0.7 * 1024 * 1024;
/** The memory that comes with one whole processor. */
const GIGABYTES_PER_PROCESSOR = 1769 / 1024;

/** Of one event, all averages. */
export interface Consumption {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly records: number;
  readonly bytes: number;
  readonly processorMicroseconds: number;
  readonly invocations: number;
}

/** Dollars per million events: the way of an event to its memberships. Storage, feed, bus and logs are not in it. */
export function billPerMillion(consumption: Consumption) {
  const { writeUnits, readUnits, records, bytes, processorMicroseconds, invocations } = consumption;
  const shardSeconds = Math.max(records / SHARD_RECORDS_PER_SECOND, bytes / SHARD_BYTES_PER_SECOND);
  const parts = {
    dynamoWrites: writeUnits * PRICES.dynamoWriteUnits * 1e6,
    dynamoReads: readUnits * PRICES.dynamoReadUnits * 1e6,
    kinesis: ((shardSeconds / 3600) * PRICES.kinesisShardHour + records * PRICES.kinesisPayloadUnit) * 1e6,
    lambda:
      (processorMicroseconds / 1e6) * GIGABYTES_PER_PROCESSOR * PRICES.lambdaGigabyteSecond * 1e6 +
      invocations * PRICES.lambdaRequest * 1e6,
  };
  const cents = (dollars: number) => Math.round(dollars * 1000) / 1000;
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const rounded = Object.entries(parts).map(([name, dollars]) => [name, cents(dollars)]);
  return { total: cents(total), ...Object.fromEntries(rounded) };
}
