import type { SandboxName } from '#shared/kernel/brand.ts';
import type { Schema } from '#shared/pql/index.ts';
import { composedSchema, type SchemaExtensions, withSeen } from '#shared/schema/composition.ts';
import type { SchemaName } from '#shared/schema/field-schema.ts';
import type { FieldIndex } from '#shared/schema/observed/field-store.ts';
import type { SegmentPorts } from './ports.ts';

/** What is declared, and what records carried beside it, so that a misspelt name is pointed out. */
export async function knownSchema(
  sandbox: SandboxName,
  extensions: SchemaExtensions,
  { fields }: Pick<SegmentPorts, 'fields'>,
): Promise<Schema> {
  const [profile, event] = await Promise.all([
    fields.findIndex(sandbox, 'profile'),
    fields.findIndex(sandbox, 'event'),
  ]);
  return withSeen(composedSchema(extensions), { ...seenOf('profile', profile), ...seenOf('event', event) });
}

/** Before the first record there is nothing to tell a mistake by; beyond the limit a record may carry what nobody noted. */
function seenOf(name: SchemaName, { version, paths, fullSince }: FieldIndex) {
  return version === 0 || fullSince !== undefined ? {} : { [name]: paths };
}
