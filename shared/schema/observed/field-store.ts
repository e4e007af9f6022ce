/** Where sketches of observed fields are kept, and which fields are observed at all. */
import type { FieldSketch } from './field-sketch.ts';
import type { Subject } from './observe.ts';

export interface FieldKey {
  readonly sandboxName: string;
  readonly subject: Subject;
  readonly path: string;
}

export interface StoredField extends FieldKey {
  /** From 1; what the next write is conditional on. */
  readonly version: number;
  readonly sketch: FieldSketch;
}

/** The paths that are observed: known without reading a sketch, so that their number is bounded. */
export interface FieldIndex {
  /** 0 where there is none yet. */
  readonly version: number;
  readonly paths: readonly string[];
  /** When the limit first left a field out, epoch milliseconds; absent while there is room. */
  readonly fullSince?: number;
}

export const NO_FIELDS: FieldIndex = { version: 0, paths: [] };

export interface FieldStore {
  findIndex(sandboxName: string, subject: Subject): Promise<FieldIndex>;
  /** False if another writer was faster: the index is no longer at the version before this one. */
  putIndex(sandboxName: string, subject: Subject, index: FieldIndex): Promise<boolean>;
  /** In no order, without those that have none. */
  findMany(keys: readonly FieldKey[]): Promise<readonly StoredField[]>;
  /** False if another writer was faster. */
  put(field: StoredField): Promise<boolean>;
  /** All of a subject. */
  list(sandboxName: string, subject: Subject): Promise<readonly StoredField[]>;
  /** The sequence number up to which a shard's records were observed; absent: none of them. */
  findProgress(shardId: string): Promise<string | undefined>;
  /** `now` is epoch milliseconds. */
  putProgress(shardId: string, sequenceNumber: string, now: number): Promise<void>;
}
