/** Whom the suite `batch` looks at: people of whom not everything is known, and what they did. Every contender makes the same. */
import { randomFrom } from '#local/simulator/random.ts';
import type { Attributes, Segment, Workload, WorkloadEvent } from '../workload/model.ts';

export type BatchKind = 'attributes' | 'windows';

export interface Population {
  readonly segments: readonly Segment[];
  readonly profiles: readonly Attributes[];
  /** By profile, in the order of time; no two of a profile at the same instant. */
  readonly events: readonly (readonly WorkloadEvent[])[];
  /** When everybody is looked at. */
  readonly asOf: number;
}

export interface PopulationOptions {
  readonly kind: BatchKind;
  readonly count: number;
  readonly seed: number;
  readonly people: number;
}

const EVENTS_PER_PROFILE = 20;
/** So that missing values count: a condition on what is not known is false, and its negation true. */
const UNKNOWN_SHARE = 0.05;
/** Neighbours are not equally active: the first so many people are a fair sample of all. */
const STRIDE = 7919;

export function populationOf(workload: Workload, { kind, count, seed, people }: PopulationOptions): Population {
  const mix = kind === 'attributes' ? { attr: 1 } : { window: 1 };
  const random = randomFrom(seed);
  const isKnown = () => !random.chance(UNKNOWN_SHARE);
  const profiles = workload
    .makeProfiles(people, seed)
    .map((profile) => Object.fromEntries(Object.entries(profile).filter(isKnown)));
  const segments = workload.makeSegments(count, { seed: seed + 41, mix });
  const events: WorkloadEvent[][] = profiles.map(() => []);
  let asOf = 0;
  for (const event of kind === 'windows' ? workload.makeEvents(people, people * EVENTS_PER_PROFILE, { seed }) : []) {
    const pi = (event.pi * STRIDE) % people;
    const own = events[pi] as WorkloadEvent[];
    const ts = Math.max(event.ts, (own.at(-1)?.ts ?? 0) + 1);
    own.push({ ...event, pi, ts });
    asOf = Math.max(asOf, ts);
  }
  return { segments, profiles, events, asOf: asOf + 1 };
}

const DAY_MS = 86_400_000;

/** The first instant of the window `<= days before tomorrow`. */
export const windowStart = (asOf: number, days = 1) => (Math.floor(asOf / DAY_MS) + 1 - days) * DAY_MS;
