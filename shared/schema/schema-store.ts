/** Where extensions of a sandbox are kept: each version for ever, since definitions are evaluated by the one they were published with. */
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { SchemaExtensions } from './composition.ts';
import type { FieldSchema, SchemaName } from './field-schema.ts';

export interface SchemaVersion {
  readonly name: SchemaName;
  /** From 1. */
  readonly version: number;
  readonly extension: FieldSchema;
  /** Epoch milliseconds. */
  readonly updateTime: number;
}

/** Absent where nothing was ever declared. */
export interface CurrentSchemas {
  readonly profile?: SchemaVersion;
  readonly event?: SchemaVersion;
}

export interface SchemaVersions {
  readonly profile?: number;
  readonly event?: number;
}

/** Reads are consistent. */
export interface SchemaStore {
  find(sandboxName: SandboxName): Promise<CurrentSchemas>;
  /** As they were in those versions. */
  findVersions(sandboxName: SandboxName, versions: SchemaVersions): Promise<SchemaExtensions>;
  /** False if another writer was faster: the current version is no longer the one before this. */
  put(sandboxName: SandboxName, schema: SchemaVersion): Promise<boolean>;
}

export function extensionsOf({ profile, event }: CurrentSchemas): SchemaExtensions {
  return { ...(profile && { profile: profile.extension }), ...(event && { event: event.extension }) };
}

export function versionsOf({ profile, event }: CurrentSchemas): SchemaVersions {
  return { ...(profile && { profile: profile.version }), ...(event && { event: event.version }) };
}
