/** What PQL knows of fields where nothing is known of a sandbox: the default field groups. */
import { type Schema, schemaOf } from '#shared/pql/schema.ts';
import { defaultFields } from './field-groups/index.ts';

export const defaultSchema: Schema = schemaOf(defaultFields('profile'), defaultFields('event'));
