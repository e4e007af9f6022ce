export interface StreamRecord {
  /** 1 to 256 characters; records of one key stay in order. */
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

export interface EventWriter {
  /** Whether each record was taken, in their order. What was refused for lack of capacity has been retried. */
  write(records: readonly StreamRecord[]): Promise<readonly boolean[]>;
}
