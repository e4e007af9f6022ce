/** Somebody outside who is told of membership changes: what they are told, of which segments, and how it gets there. */
import { type ConsentPurpose, DEFAULT_PURPOSE } from '#shared/profile/consent.ts';
import type { MarketingAction } from './marketing-action.ts';

export const DESTINATIONS_PER_SANDBOX_MAX = 50;

export type DestinationTarget =
  | { readonly kind: 'webhook'; readonly url: string }
  | { readonly kind: 'kinesis'; readonly streamName: string }
  | { readonly kind: 'sqs'; readonly queueName: string }
  /** JSON Lines in the bucket of the service, under `deliveries/`. */
  | { readonly kind: 'files' };

export const DESTINATION_STATES = ['active', 'paused'] as const;
export type DestinationState = (typeof DESTINATION_STATES)[number];

/** A signing key of a webhook. The secret is sealed: only who delivers and who rotates can open it. */
export interface SigningKey {
  readonly keyId: string;
  readonly sealedSecret: string;
  readonly creationTime: number;
}

/** The newest first; two, so that a receiver may take up the new one before the old one goes. */
export const SIGNING_KEYS_MAX = 2;

export interface Destination {
  readonly id: string;
  readonly sandboxName: string;
  readonly name: string;
  readonly description?: string;
  readonly target: DestinationTarget;
  /** Ids of segments, or all of the sandbox, those included that are published later. */
  readonly segments: readonly string[] | 'all';
  /** Namespaces of the identities that are shown; none are where it is empty. */
  readonly identityNamespaces: readonly string[];
  /** Paths of the profile that are shown: attributes, `propensity.<id>.score`, `computed.<name>`. */
  readonly attributes: readonly string[];
  readonly mergePolicyId?: string;
  readonly marketingActions: readonly MarketingAction[];
  /** What it is for, in the words of consent: nobody who refuses that is told of. Absent in those of earlier releases. */
  readonly consentPurpose?: ConsentPurpose;
  readonly state: DestinationState;
  readonly signingKeys: readonly SigningKey[];
  readonly version: number;
  readonly creationTime: number;
  readonly updateTime: number;
}

/** All that a sandbox has, and how often one was added or changed by then. */
export interface StandingDestinations {
  readonly destinations: readonly Destination[];
  readonly revision: number;
}

/** What a destination was decided by: names and their number, definitions and merge policies. */
export interface DecidedBy {
  readonly revision: number;
  readonly rulesVersion: number;
}

/** Reads are consistent. */
export interface DestinationStore {
  find(sandboxName: string, id: string): Promise<Destination | undefined>;
  list(sandboxName: string): Promise<readonly Destination[]>;
  standing(sandboxName: string): Promise<StandingDestinations>;
  /** False if another writer was faster: it is not as `before` any more, or what decided it no longer holds. */
  put(before: Destination | undefined, after: Destination, decidedBy?: DecidedBy): Promise<boolean>;
  remove(destination: Destination): Promise<boolean>;
}

export const wants = ({ segments }: Destination, segmentId: string): boolean =>
  segments === 'all' || segments.includes(segmentId);

export const purposeOf = ({ consentPurpose }: Pick<Destination, 'consentPurpose'>): ConsentPurpose =>
  consentPurpose ?? DEFAULT_PURPOSE;

/** Who are told in the order of each profile, always; others may be told again of what an operator sends again. */
export const keepsOrder = ({ target }: Pick<Destination, 'target'>): boolean => target.kind === 'kinesis';
