/** What is declared before anybody extends it: the one source of field names and types. */
import type { FieldGroup, FieldSchema, SchemaName } from '../field-schema.ts';
import { EVENT_GROUPS } from './event-groups.ts';
import { PROFILE_GROUPS } from './profile-groups.ts';

export const FIELD_GROUPS: Readonly<Record<SchemaName, readonly FieldGroup[]>> = {
  profile: PROFILE_GROUPS,
  event: EVENT_GROUPS,
};

const TITLES: Readonly<Record<SchemaName, string>> = { profile: 'Profile', event: 'Experience event' };

/** All groups of a schema as one object. */
export const defaultFields = (name: SchemaName): FieldSchema => ({
  title: TITLES[name],
  type: 'object',
  properties: Object.assign({}, ...FIELD_GROUPS[name].map(({ properties }) => properties)),
});
