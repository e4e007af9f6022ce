/** An explanation is read by a person and sent over HTTP: what passes these bounds is left out and flagged. */

export const NODES_MAX = 500;
/** Events listed as evidence of one node. */
export const EVIDENCE_MAX = 50;
/** Events listed in the whole explanation. */
export const EVIDENCE_TOTAL_MAX = 1_000;
/** Conditions on the items of one list that are told apart. */
export const CONDITIONS_MAX = 20;
/** UTF-16 units of a node's text. */
export const TEXT_LENGTH_MAX = 1_000;
/** UTF-16 units of a string in a value. */
export const STRING_LENGTH_MAX = 200;
/** Items of a list, and fields of an object, in a value. */
export const VALUE_ITEMS_MAX = 20;
export const VALUE_DEPTH_SHOWN_MAX = 4;
/** Instants looked at for one change by time alone. */
export const FLIP_STEPS_MAX = 64;
/** Events visited in looking for changes by time alone; beyond it they are only known not to come before an instant. */
export const FLIP_WORK_MAX = 500_000;
