/** What somebody wants foretold, of whom, and from what. */

/** A condition on one event, in PQL with the event as its subject: `eventType = "commerce.purchases"`. */
export type EventConditionText = string;

export interface Goal {
  /** Whether the score is about the events occurring or about their staying away. */
  readonly occurrence: 'will' | 'willNot';
  /** Whether one of the conditions is enough or each must be met, by events of the window. */
  readonly match: 'any' | 'all';
  readonly conditions: readonly EventConditionText[];
  readonly windowDays: number;
}

export interface DeclaredAmount {
  readonly name: string;
  /** A number of the event, by its path: `commerce.order.priceTotal`. */
  readonly path: string;
}

/** Events that are counted under a name of their own, besides the event types. */
export interface CustomEvent {
  readonly name: string;
  readonly condition: EventConditionText;
  readonly amounts: readonly DeclaredAmount[];
}

export interface ProfileFeature {
  readonly path: string;
  /** A date counts as the days since it. */
  readonly kind: 'number' | 'category' | 'date';
}

/** What of an instance decides features and labels; a model keeps it, so that scoring does what training did. */
export interface PropensitySpecification {
  readonly goal: Goal;
  /** A segment's expression, as of each cutoff; without one everybody with an event before it. */
  readonly eligiblePopulation?: string;
  /** Counted each by itself, in this order. */
  readonly eventTypes: readonly string[];
  readonly customEvents: readonly CustomEvent[];
  readonly profileFeatures: readonly ProfileFeature[];
  readonly timeZone?: string;
}

export const WINDOW_DAYS_MAX = 365;
export const CONDITIONS_MAX = 10;
export const EVENT_TYPES_MAX = 20;
export const CUSTOM_EVENTS_MAX = 20;
export const PROFILE_FEATURES_MAX = 50;
/** Summed for each purchase where nothing else is declared. */
export const PURCHASE_EVENT_TYPE = 'commerce.purchases';
export const PURCHASE_AMOUNT: DeclaredAmount = { name: 'order value', path: 'commerce.order.priceTotal' };
