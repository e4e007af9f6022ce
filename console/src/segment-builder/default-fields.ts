/** The default field groups: what there is to ask about where the sandbox's own list can't be read. */
import { type FieldEntry, fieldEntries } from '#shared/schema/field-list.ts';

export const defaultFields = (): readonly FieldEntry[] =>
  (['profile', 'event'] as const).flatMap((schema) => fieldEntries(schema, {}, new Map()));
