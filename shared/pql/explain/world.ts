/** Parts of an expression evaluated by themselves, now and at later instants at which nothing new has arrived. */
import type { Checked, Expression } from '../ast.ts';
import { compile } from '../compiler.ts';
import { dependencies } from '../dependencies.ts';
import { analyze, analyzeAsReplay } from '../incremental/index.ts';
import type { EvaluationInput, ExperienceEvent, Value } from '../value.ts';
import type { Flip } from './explanation.ts';
import { FLIP_STEPS_MAX, FLIP_WORK_MAX } from './limits.ts';

/** Memberships as they will be if nothing arrives. */
export interface SegmentsInTime {
  readonly isMember: (idOrName: string, at: number) => boolean;
  /** The earliest instant after `at` at which the membership may change by itself. */
  readonly nextFlip: (idOrName: string, at: number) => number | undefined;
}

export interface ExplainOptions {
  readonly timeZone?: string | undefined;
  /** How long an event exists after its timestamp; for ever unless given. The events of the input must exist. */
  readonly retentionMs?: number;
  /** Without it memberships stay as `inSegment` of the input says, also at later instants. */
  readonly segments?: SegmentsInTime;
}

export type FlipOf = (from: {
  readonly outcome: boolean;
  /** Now, unless given. */
  readonly after?: number;
  /** All of the input, unless given. */
  readonly events?: readonly ExperienceEvent[];
}) => Flip | undefined;

/** One node over some events at instants to come. */
interface Future {
  /** How many events each look at it visits. */
  readonly size: number;
  readonly isTrue: (at: number) => boolean;
  /** The earliest instant after a given one at which time may change its truth. */
  readonly next: (after: number) => number | undefined;
}

/** The last instant that a Date can hold. */
const INSTANT_MAX = 8.64e15;

export class World {
  readonly input: EvaluationInput;
  readonly events: ReadonlySet<unknown>;
  readonly #options: ExplainOptions;

  constructor(input: EvaluationInput, options: ExplainOptions) {
    this.input = input;
    this.events = new Set(input.events);
    this.#options = options;
  }

  /** The node must be closed: no item, and no variable that it does not bind itself. */
  value(node: Checked): Value {
    return compile(node, { mode: 'value', timeZone: this.#options.timeZone })(
      this.#at(this.input.now, this.input.events),
    );
  }

  /**
   * When a closed node's truth next changes after an instant at which it is `outcome`. Looks for it no longer than
   * `workMax` visits of an event, altogether.
   */
  flipOf(node: Checked, workMax = FLIP_WORK_MAX): FlipOf {
    const futureOver = this.#futureOf(node);
    let known: Future | undefined;
    const whole = () => {
      known ??= futureOver(this.input.events);
      return known;
    };
    let work = 0;
    return ({ outcome, after = this.input.now, events }) => {
      const { size, isTrue, next } = events === undefined ? whole() : futureOver(events);
      let at = next(after);
      for (let step = 1; at !== undefined && at <= INSTANT_MAX; step += 1) {
        work += size + 1;
        if (step > FLIP_STEPS_MAX || work > workMax) return { at, certain: false };
        if (isTrue(at) !== outcome) return { at, certain: true };
        at = next(at);
      }
      return undefined;
    };
  }

  /** Over the events that it reads at all: of no other does its answer depend. */
  #futureOf(node: Expression): (events: readonly ExperienceEvent[]) => Future {
    const { timeZone, segments } = this.#options;
    const { leaves, evaluationClass } = analyze(node, { timeZone });
    const plan = analyzeAsReplay(node, { timeZone });
    const references = segments === undefined ? [] : dependencies(node).segments;
    const isRead = (event: ExperienceEvent) =>
      evaluationClass === 'replay' || leaves.some(({ matches }) => matches(event));
    return (events) => {
      const read = events.filter(isRead);
      const contextAt = (now: number) => {
        const { events: alive, ...context } = this.#at(now, read);
        return { ...context, rows: () => alive };
      };
      return {
        size: read.length,
        isTrue: (at) => plan.evaluate(contextAt(at)),
        next: (after) => {
          const context = contextAt(after);
          const flips = references.map((reference) => segments?.nextFlip(reference, after));
          return earliest([plan.nextFlip(context), this.#expiryOf(context.rows()), ...flips]);
        },
      };
    };
  }

  #at(now: number, events: readonly ExperienceEvent[]) {
    const { profile, inSegment = () => false } = this.input;
    const { segments } = this.#options;
    const isMember = segments === undefined ? inSegment : (name: string) => segments.isMember(name, now);
    return { profile, now, inSegment: isMember, events: this.#aliveAt(now, events) };
  }

  #aliveAt(now: number, events: readonly ExperienceEvent[]): readonly ExperienceEvent[] {
    const { retentionMs } = this.#options;
    if (retentionMs === undefined) return events;
    const first = events.findIndex(({ timestamp }) => timestamp > now - retentionMs);
    return first === 0 ? events : events.slice(first === -1 ? events.length : first);
  }

  #expiryOf([oldest]: readonly ExperienceEvent[]): number | undefined {
    const { retentionMs } = this.#options;
    return oldest === undefined || retentionMs === undefined ? undefined : oldest.timestamp + retentionMs;
  }
}

export const earliest = (instants: readonly (number | undefined)[]): number | undefined => {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};
