import type { FieldStore } from '#shared/schema/observed/field-store.ts';
import type { SchemaStore } from '#shared/schema/schema-store.ts';

export interface SchemaPorts {
  readonly schemas: SchemaStore;
  readonly fields: Pick<FieldStore, 'findIndex' | 'list'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
