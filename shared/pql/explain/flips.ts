/**
 * When each part comes out differently though nothing arrives. Only conditions are followed through time: what stands
 * above them changes at one of their instants or not at all.
 */
import type { Flip } from './explanation.ts';
import { FLIP_STEPS_MAX, FLIP_WORK_MAX, NODES_MAX } from './limits.ts';
import { combine, type OutlineNode } from './outline.ts';
import { earliest, type FlipOf, type World } from './world.ts';

type Flips = ReadonlyMap<OutlineNode, Flip>;

/** A condition on its way through time. */
interface Course {
  readonly condition: OutlineNode;
  readonly flipOf: FlipOf | undefined;
  outcome: boolean;
  next: Flip | undefined;
}

export function findFlips(root: OutlineNode, world: World): Flips {
  const conditions = conditionsOf(root);
  const workMax = FLIP_WORK_MAX / Math.max(1, conditions.length);
  const courses = conditions.map((condition, index) => courseOf(condition, world, index < NODES_MAX ? workMax : 0));
  const flips = new Map<OutlineNode, Flip>();
  for (const { condition, next } of courses) if (next !== undefined) flips.set(condition, next);
  const junctions = junctionsOf(root);
  for (let step = 0; step < FLIP_STEPS_MAX; step += 1) {
    const at = earliest(courses.map(({ next }) => next?.at));
    if (at === undefined || !isCertainAt(courses, at)) break;
    for (const course of courses) if (course.next?.at === at) advance(course, at);
    recordTurns(root, courses, at, flips);
    if (junctions.every((junction) => flips.has(junction))) break;
  }
  for (const junction of junctions) if (!flips.has(junction)) recordUnknown(junction, courses, flips);
  return flips;
}

function courseOf(condition: OutlineNode, world: World, workMax: number): Course {
  const { node, context, outcome } = condition;
  if (workMax === 0) return { condition, flipOf: undefined, outcome, next: { at: world.input.now, certain: false } };
  const flipOf = world.flipOf(context.close(node), workMax);
  return { condition, flipOf, outcome, next: flipOf({ outcome }) };
}

const isCertainAt = (courses: readonly Course[], at: number): boolean =>
  courses.every(({ next }) => next?.at !== at || next.certain);

function advance(course: Course, at: number): void {
  course.outcome = !course.outcome;
  course.next = course.flipOf?.({ outcome: course.outcome, after: at });
}

function recordTurns(root: OutlineNode, courses: readonly Course[], at: number, flips: Map<OutlineNode, Flip>): void {
  const outcomes = new Map(courses.map(({ condition, outcome }) => [condition, outcome]));
  const visit = (outline: OutlineNode): boolean => {
    if (outline.form === 'condition') return outcomes.get(outline) ?? outline.outcome;
    const outcome = combine(outline.form, outline.parts.map(visit));
    if (outcome !== outline.outcome && !flips.has(outline)) flips.set(outline, { at, certain: true });
    return outcome;
  };
  visit(root);
}

/** What is left to happen to its conditions, and was not followed. */
function recordUnknown(junction: OutlineNode, courses: readonly Course[], flips: Map<OutlineNode, Flip>): void {
  const own = new Set(conditionsOf(junction));
  const at = earliest(courses.filter(({ condition }) => own.has(condition)).map(({ next }) => next?.at));
  if (at !== undefined) flips.set(junction, { at, certain: false });
}

const conditionsOf = (outline: OutlineNode): readonly OutlineNode[] =>
  outline.form === 'condition' ? [outline] : outline.parts.flatMap(conditionsOf);

const junctionsOf = (outline: OutlineNode): readonly OutlineNode[] =>
  outline.form === 'condition' ? [] : [outline, ...outline.parts.flatMap(junctionsOf)];
