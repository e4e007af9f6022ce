/** An expression comes from a user over HTTP: each size has a bound, so that none of them can exhaust a process. */

/** UTF-16 units of source text. */
export const SOURCE_LENGTH_MAX = 65_536;
/** Levels of the syntax tree; every recursive walk over it fits the stack. */
export const NESTING_DEPTH_MAX = 128;
export const NODE_COUNT_MAX = 10_000;
/** Items of one written list, object, call or Boolean chain. */
export const LIST_SIZE_MAX = 1_000;
export const CHAIN_STEPS_MAX = 32;
/** Declarations of one select, quantifier or fold: each one multiplies the tuples. */
export const DECLARATIONS_MAX = 8;
/** The N of `N days before`, of COUNT and of topN. */
export const COUNT_MAX = 1_000_000_000;
export const PATTERN_LENGTH_MAX = 1_000;
/** Instructions of a compiled regular expression: time per character is proportional to it. */
export const PATTERN_PROGRAM_MAX = 5_000;
/** Levels of data that a comparison looks into: JSON of a megabyte may nest half a million deep. */
export const VALUE_DEPTH_MAX = 200;
/** Enough to see what is wrong; a pasted web page would otherwise give thousands. */
export const DIAGNOSTICS_MAX = 25;
