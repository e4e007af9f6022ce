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

export const INSTANCE_TYPES = ['churn', 'conversion'] as const;
export const INSTANCE_STATES = ['draft', 'active'] as const;

export interface Cadence {
  /** Quartz cron, as its author wrote it. */
  readonly expression: string;
  /** A name of the tz database; UTC where it says none. */
  readonly timeZone?: string;
}

/** Something foretold, by the name that expressions read it by: `propensity.<id>.score`. */
export interface PropensityInstance {
  readonly id: string;
  readonly sandboxName: string;
  readonly displayName: string;
  readonly description?: string;
  readonly type: (typeof INSTANCE_TYPES)[number];
  readonly goal: Goal;
  readonly eligiblePopulation?: string;
  readonly customEvents: readonly CustomEvent[];
  /** Paths of profile attributes. */
  readonly profileAttributes: readonly string[];
  /** Event types that are not counted. */
  readonly excludedEventTypes: readonly string[];
  readonly timeZone?: string;
  /** When everybody is scored by the model in use; where there is none yet, one is trained. */
  readonly schedule?: Cadence;
  /** When a model is trained and, if it is put into use, everybody scored by it. */
  readonly trainingSchedule?: Cadence;
  /** Names its timers: another sandbox may have an instance of the same id. */
  readonly timerId: string;
  /** Only an active one is trained and scored by schedule, and follows profiles as they change. */
  readonly state: (typeof INSTANCE_STATES)[number];
  /** The run whose model is in use. */
  readonly modelRunId?: string;
  /** From 1, one more with every change. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly creationTime: number;
  readonly updateTime: number;
}
