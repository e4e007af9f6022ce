/**
 * What Shoal costs and takes at a size, from list prices and measured units. Every figure is a product of the two; what is
 * assumed about a company stands in `Company` and nowhere else.
 */
import { billPerMillion, type Consumption, PRICES } from '../stream/prices.ts';

export interface Company {
  readonly profiles: number;
  readonly eventsPerProfileAndMonth: number;
  readonly retentionMonths: number;
  /** Segment jobs over everybody in a month. */
  readonly jobsPerMonth: number;
}

/** Measured: see the files that they are read from in `main.ts`. */
export interface MeasuredUnits {
  /** Of one event on its way to its memberships. */
  readonly event: Consumption;
  /** Bytes of one profile in the table `profiles`: state, attributes, what batch found. */
  readonly profileBytes: number;
  /** Of one event in a chunk of history, keys included. */
  readonly historyBytesPerEvent: number;
  /** Of a segment job. */
  readonly batch: { readonly processorMicrosecondsPerProfile: number; readonly definitions: number };
}

const PROCESSORS_OF_JOB = 40;
const READ_UNITS_PER_SECOND = 4_000;
const HOUR_SECONDS = 3600;
const GIGABYTES_PER_PROCESSOR = 1769 / 1024;
const GIGABYTE = 1024 ** 3;
const READ_UNIT_BYTES = 4096;
/** A scan reads eventually consistent, at half the price. */
const SCAN_DISCOUNT = 0.5;
const TRANSITIONS_PER_RANGE = 4;
const PROFILES_PER_RANGE = 20_000;
const MONTH_SECONDS = 30.4 * 86_400;

export interface Scaling {
  readonly profiles: number;
  readonly eventsPerMonth: number;
  readonly eventsPerSecond: number;
  readonly dollarsPerMonth: Readonly<Record<'events' | 'storage' | 'jobs', number>> & { readonly total: number };
  readonly tableGigabytes: number;
  readonly historyGigabytes: number;
  readonly job: {
    readonly dollars: number;
    readonly readUnits: number;
    /** At the settings that a stage has by default: 40 ranges at a time, 4,000 read units a second. */
    readonly hours: number;
    /** What it takes to be done within an hour. */
    readonly withinAnHour: { readonly processors: number; readonly readUnitsPerSecond: number };
  };
  /** Kinesis shards at twice the mean rate. */
  readonly shards: number;
  /** Vcpus of process-events at twice the mean rate. */
  readonly processors: number;
}

export function scale(company: Company, units: MeasuredUnits): Scaling {
  const { profiles, eventsPerProfileAndMonth, retentionMonths, jobsPerMonth } = company;
  const eventsPerMonth = profiles * eventsPerProfileAndMonth;
  const eventsPerSecond = eventsPerMonth / MONTH_SECONDS;
  const tableGigabytes = (profiles * units.profileBytes) / GIGABYTE;
  const historyGigabytes = (eventsPerMonth * retentionMonths * units.historyBytesPerEvent) / GIGABYTE;
  const job = jobOver(profiles, units);
  const events = (eventsPerMonth / 1e6) * billPerMillion(units.event).total;
  const storage = (tableGigabytes + historyGigabytes) * (PRICES.dynamoGigabyteMonth + PRICES.dynamoBackupGigabyteMonth);
  const jobs = jobsPerMonth * job.dollars;
  return {
    profiles,
    eventsPerMonth,
    eventsPerSecond,
    dollarsPerMonth: { events, storage, jobs, total: events + storage + jobs },
    tableGigabytes,
    historyGigabytes,
    job,
    shards: Math.ceil((2 * eventsPerSecond * units.event.records) / 700),
    processors: Math.ceil((2 * eventsPerSecond * units.event.processorMicroseconds) / 1e6),
  };
}

function jobOver(profiles: number, { profileBytes, batch }: MeasuredUnits): Scaling['job'] {
  const readUnits = profiles * Math.max(1, profileBytes / READ_UNIT_BYTES) * SCAN_DISCOUNT;
  const processorSeconds = (profiles * batch.processorMicrosecondsPerProfile) / 1e6;
  const transitions = Math.ceil(profiles / PROFILES_PER_RANGE) * TRANSITIONS_PER_RANGE;
  const seconds = Math.max(processorSeconds / PROCESSORS_OF_JOB, readUnits / READ_UNITS_PER_SECOND);
  return {
    dollars:
      readUnits * PRICES.dynamoReadUnits +
      processorSeconds * GIGABYTES_PER_PROCESSOR * PRICES.lambdaGigabyteSecond +
      transitions * PRICES.stepFunctionsTransition,
    readUnits,
    hours: seconds / HOUR_SECONDS,
    withinAnHour: {
      processors: Math.ceil(processorSeconds / HOUR_SECONDS),
      readUnitsPerSecond: readUnits / HOUR_SECONDS,
    },
  };
}
