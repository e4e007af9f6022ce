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

/** Observed fields of one schema of a sandbox; further ones are counted as left out. */
export const OBSERVED_FIELDS_MAX = 1_000;
export const OBSERVED_EVENT_TYPES_MAX = 500;
/** Fields that are looked at in one record. */
export const FIELDS_PER_RECORD_MAX = 300;
/** Elements of one list that are looked at. */
export const ELEMENTS_PER_LIST_MAX = 100;
/** Counters of the most frequent values; fewer are shown, so that those shown are well founded. */
export const TOP_VALUES_KEPT = 40;
export const TOP_VALUES_SHOWN = 10;
export const TOP_VALUE_LENGTH_MAX = 100;
export const EVENT_TYPES_PER_FIELD = 10;
/** Records of one batch that are looked at closely; of a larger batch a sample is. */
export const RECORDS_PER_BATCH_OBSERVED = 2_000;
/** Paths are keys of a table, which are bounded, and all of them stand in one item. */
export const FIELD_PATH_BYTES_MAX = 200;
