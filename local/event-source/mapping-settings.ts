/** The options of an event source mapping as the template has them, with the defaults that AWS gives. */

export interface SourceRecord {
  readonly sequenceNumber: string;
  /** Records with the same key are delivered in order, whatever the parallelization factor. */
  readonly orderKey: string;
  readonly arrivedAt: number;
  readonly bytes: number;
  /** As it stands in the function's event. */
  readonly event: unknown;
}

export interface MappingSettings {
  readonly id: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly parallelizationFactor: number;
  readonly bisects: boolean;
  readonly reportsItemFailures: boolean;
  /** `Infinity`: until the records leave the stream. */
  readonly retryAttemptsMax: number;
  readonly recordAgeMsMax: number;
}

export function mappingSettings(id: string, properties: Readonly<Record<string, unknown>>): MappingSettings {
  const integer = (name: string, otherwise: number) => Number(properties[name] ?? otherwise);
  // -1 is how AWS writes "for ever", and so is leaving it out.
  const bounded = (name: string) => (integer(name, -1) < 0 ? Number.POSITIVE_INFINITY : integer(name, -1));
  const responseTypes = (properties.FunctionResponseTypes ?? []) as readonly string[];
  return {
    id,
    batchSize: integer('BatchSize', 100),
    batchingWindowMs: integer('MaximumBatchingWindowInSeconds', 0) * 1000,
    parallelizationFactor: integer('ParallelizationFactor', 1),
    bisects: String(properties.BisectBatchOnFunctionError ?? false) === 'true',
    reportsItemFailures: responseTypes.includes('ReportBatchItemFailures'),
    retryAttemptsMax: bounded('MaximumRetryAttempts'),
    recordAgeMsMax: bounded('MaximumRecordAgeInSeconds') * 1000,
  };
}
