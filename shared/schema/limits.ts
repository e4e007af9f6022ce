/** What an author or a producer sends has a bound at each size. */

/** Bytes of one extension, as JSON. */
export const EXTENSION_BYTES_MAX = 128 * 1024;
/** Fields, objects and lists that one extension declares. */
export const EXTENSION_FIELDS_MAX = 1_000;
export const FIELD_DEPTH_MAX = 12;
export const FIELD_NAME_LENGTH_MAX = 64;
export const ENUM_VALUES_MAX = 500;
export const LABELS_PER_FIELD_MAX = 20;
export const TITLE_LENGTH_MAX = 128;
export const DESCRIPTION_LENGTH_MAX = 1_000;
