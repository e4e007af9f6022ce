/** The schema stores for tests: the same promises, kept in maps. */
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import { FieldSketch } from '#shared/schema/observed/field-sketch.ts';
import {
  type FieldIndex,
  type FieldKey,
  type FieldStore,
  NO_FIELDS,
  type StoredField,
} from '#shared/schema/observed/field-store.ts';
import type { Subject } from '#shared/schema/observed/observe.ts';
import type { CurrentSchemas, SchemaStore, SchemaVersion, SchemaVersions } from '#shared/schema/schema-store.ts';

export class MemorySchemaStore implements SchemaStore {
  readonly #versions = new Map<string, SchemaVersion[]>();

  async find(sandboxName: SandboxName): Promise<CurrentSchemas> {
    const [profile, event] = [this.#all(sandboxName, 'profile').at(-1), this.#all(sandboxName, 'event').at(-1)];
    return { ...(profile && { profile }), ...(event && { event }) };
  }

  async findVersions(sandboxName: SandboxName, versions: SchemaVersions): Promise<SchemaExtensions> {
    const at = (name: 'profile' | 'event') => this.#all(sandboxName, name)[(versions[name] ?? 0) - 1]?.extension;
    const [profile, event] = [at('profile'), at('event')];
    return { ...(profile && { profile }), ...(event && { event }) };
  }

  async put(sandboxName: SandboxName, schema: SchemaVersion): Promise<boolean> {
    const all = this.#all(sandboxName, schema.name);
    if (all.length !== schema.version - 1) return false;
    this.#versions.set(`${sandboxName}#${schema.name}`, [...all, schema]);
    return true;
  }

  #all(sandboxName: SandboxName, name: string): readonly SchemaVersion[] {
    return this.#versions.get(`${sandboxName}#${name}`) ?? [];
  }
}

export class MemoryFieldStore implements FieldStore {
  readonly #indexes = new Map<string, FieldIndex>();
  readonly #fields = new Map<string, StoredField & { readonly bytes: Uint8Array }>();
  readonly #progress = new Map<string, string>();

  async findIndex(sandboxName: string, subject: Subject): Promise<FieldIndex> {
    return this.#indexes.get(`${sandboxName}#${subject}`) ?? NO_FIELDS;
  }

  async putIndex(sandboxName: string, subject: Subject, index: FieldIndex): Promise<boolean> {
    const key = `${sandboxName}#${subject}`;
    if ((this.#indexes.get(key)?.version ?? 0) !== index.version - 1) return false;
    this.#indexes.set(key, index);
    return true;
  }

  async findMany(keys: readonly FieldKey[]): Promise<readonly StoredField[]> {
    return keys.flatMap((key) => this.#read(textOf(key)));
  }

  async put(field: StoredField): Promise<boolean> {
    const key = textOf(field);
    if ((this.#fields.get(key)?.version ?? 0) !== field.version - 1) return false;
    this.#fields.set(key, { ...field, bytes: field.sketch.toBytes() });
    return true;
  }

  async list(sandboxName: string, subject: Subject): Promise<readonly StoredField[]> {
    const prefix = textOf({ sandboxName, subject, path: '' });
    return [...this.#fields.keys()].filter((key) => key.startsWith(prefix)).flatMap((key) => this.#read(key));
  }

  async findProgress(shardId: string): Promise<string | undefined> {
    return this.#progress.get(shardId);
  }

  async putProgress(shardId: string, sequenceNumber: string): Promise<void> {
    this.#progress.set(shardId, sequenceNumber);
  }

  /** A sketch of its own each time: who gets one may go on adding to it. */
  #read(key: string): readonly StoredField[] {
    const found = this.#fields.get(key);
    if (found === undefined) return [];
    const { bytes, ...field } = found;
    return [{ ...field, sketch: FieldSketch.fromBytes(bytes) }];
  }
}

const textOf = ({ sandboxName, subject, path }: FieldKey) => `${sandboxName}#${subject}#${path}`;
