/** Where the query cache keeps the sandbox's segments. */
export const SEGMENTS_KEY = ['segments'] as const;
