/** Memberships of published definitions as they are or will be at any instant, from the events themselves. */
import type { SegmentsInTime } from '#shared/pql/explain/index.ts';
import type { EvaluationContext, Plan } from '#shared/pql/incremental/plan.ts';
import type { BatchResults } from '#shared/profile/batch-results.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { Membership } from '#shared/profile/profile-state.ts';
import type { ProfileView } from '#shared/profile/profile-view.ts';
import { decidedByBatch, endOfExternal } from '#shared/segment/batch-decision.ts';
import type { CompiledDefinition, CompiledRules } from '#shared/segment/compiled-rules.ts';
import { replayDefinition } from '#shared/segment/definition-plan.ts';

export interface Person {
  readonly attributes: ProfileView;
  readonly batch: BatchResults | undefined;
  /** As they are stored: what no batch result decides stays so. */
  readonly memberships: ReadonlyMap<number, Membership>;
  /** By time. */
  readonly events: readonly StoredEvent[];
  readonly retentionMs: number;
}

interface Course {
  readonly definition: CompiledDefinition;
  readonly plan: Plan;
  /** The events that the definition reads at all. */
  readonly events: readonly StoredEvent[];
}

export function segmentsInTime(rules: CompiledRules, person: Person): SegmentsInTime {
  const courses = new Map<number, Course>();
  const members = new Map<string, boolean>();
  const courseOf = (ordinal: number | undefined): Course | undefined => {
    const definition = rules.byOrdinal.get(ordinal ?? -1);
    if (definition === undefined) return undefined;
    const course = courses.get(definition.ordinal) ?? followed(definition, person, rules);
    courses.set(definition.ordinal, course);
    return course;
  };
  const isMember = (reference: string, at: number): boolean => {
    const course = courseOf(rules.ordinals.get(reference));
    if (course === undefined) return false;
    const key = `${course.definition.ordinal} ${at}`;
    const known = members.get(key) ?? answerAt(course, at);
    members.set(key, known);
    return known;
  };
  const answerAt = (course: Course, at: number): boolean => {
    const { definition, plan } = course;
    if (definition.kind === undefined) return plan.evaluate(contextAt(course, at));
    const isRealized = person.memberships.get(definition.ordinal)?.status === 'realized';
    return decidedByBatch(definition, person.batch, at) ?? isRealized;
  };
  const contextAt = ({ definition, events }: Course, now: number): EvaluationContext => {
    const alive = events.filter(({ timestamp }) => timestamp > now - person.retentionMs);
    const inSegment = (reference: string) => isMember(reference, now);
    return { profile: person.attributes.by(definition.merge), now, rows: () => alive, inSegment };
  };
  const nextFlipOf = (course: Course, after: number): number | undefined => {
    if (course.definition.kind !== undefined) return endOfExternal(course.definition, person.batch, after);
    const context = contextAt(course, after);
    const [oldest] = context.rows(0);
    const others = course.definition.segments.map((ordinal) => {
      const other = courseOf(ordinal);
      return other && nextFlipOf(other, after);
    });
    return earliest([course.plan.nextFlip(context), oldest && oldest.timestamp + person.retentionMs, ...others]);
  };
  const nextFlip = (reference: string, after: number) => {
    const course = courseOf(rules.ordinals.get(reference));
    return course && nextFlipOf(course, after);
  };
  return { isMember, nextFlip };
}

/** Evaluated from the events, never from what is kept of them: that is of now, and any instant may be asked for. */
function followed(definition: CompiledDefinition, person: Person, { computed }: CompiledRules): Course {
  const { evaluationClass, leaves } = definition.plan;
  const isRead = (event: StoredEvent) => evaluationClass === 'replay' || leaves.some(({ matches }) => matches(event));
  if (definition.kind !== undefined) return { definition, plan: definition.plan, events: [] };
  return { definition, plan: replayDefinition(definition, computed).plan, events: person.events.filter(isRead) };
}

function earliest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
