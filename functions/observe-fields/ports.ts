import type { FieldStore } from '#shared/schema/observed/field-store.ts';
import type { SchemaStore } from '#shared/schema/schema-store.ts';

export interface ObservePorts {
  readonly fields: FieldStore;
  readonly schemas: Pick<SchemaStore, 'find'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits a while before the given attempt; writers that collide must not collide again. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** A record as the stream delivered it. `arrival` is epoch milliseconds, the same at every delivery. */
export interface StreamRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  readonly arrival: number;
}
