/** Strings and numbers that must not be mistaken for one another. */
declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Epoch milliseconds, UTC. */
export type Instant = Brand<number, 'Instant'>;
export type SandboxName = Brand<string, 'SandboxName'>;
export type ProfileId = Brand<string, 'ProfileId'>;
export type SegmentId = Brand<string, 'SegmentId'>;
