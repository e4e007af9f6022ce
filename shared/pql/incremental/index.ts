/** Turns a checked expression into the plan that keeps it up to date: `analyze` is this folder's only door. */
import type { Checked } from '../ast.ts';
import { compile, compileItemTest } from '../compiler.ts';
import { print } from '../printer.ts';
import { UTC, type Zone, zoneOf } from '../time/zone.ts';
import { guardOf } from './event-test.ts';
import { extractLeaves, type LeafDraft } from './extract.ts';
import { compileFlips } from './flips.ts';
import { type Usage, usageOf } from './flow.ts';
import type { EvaluationContext, LeafSpec, Plan } from './plan.ts';
import { mapChildren } from './tree.ts';

export interface AnalyzeOptions {
  readonly timeZone?: string;
}

/** `checked` is a segment's expression, as `check` returned it. */
export function analyze(checked: Checked, { timeZone }: AnalyzeOptions = {}): Plan {
  const { tree, leaves } = extractLeaves(checked);
  const usage = usageOf(tree);
  const reasons = replayReasons(usage, leaves);
  if (reasons.length > 0) return replayPlan(checked, reasons, timeZone);
  const zone = zoneOf(timeZone) ?? UTC;
  return {
    evaluationClass: 'incremental',
    reasons: incrementalReasons(leaves),
    leaves: leaves.map((leaf, index) => specOf(leaf, index, usage, zone)),
    ...runnable(tree, usage, zone),
  };
}

/** The plan that keeps nothing and reads the stored events instead. */
export function analyzeAsReplay(checked: Checked, { timeZone }: AnalyzeOptions = {}): Plan {
  return replayPlan(checked, ['it was published by a release that kept other leaves of it'], timeZone);
}

function replayPlan(checked: Checked, reasons: readonly string[], timeZone: string | undefined): Plan {
  const tree = wholeHistory(checked);
  return { evaluationClass: 'replay', reasons, leaves: [], ...runnable(tree, usageOf(tree), zoneOf(timeZone) ?? UTC) };
}

function runnable(tree: Checked, { clock }: Usage, zone: Zone): Pick<Plan, 'clock' | 'evaluate' | 'nextFlip'> {
  const run = compile(tree, { mode: 'segment', timeZone: zone.name });
  return {
    clock: clockOf(clock),
    evaluate: ({ profile, rows, now, inSegment }: EvaluationContext) =>
      run({ profile, events: [], rows, now, inSegment }) === true,
    nextFlip: compileFlips(clock, zone),
  };
}

/** A leaf without rows has no time that the clock could pass. */
function clockOf(terms: Usage['clock']): Plan['clock'] {
  if (terms.length === 0) return 'none';
  const onRows = terms.every((term) => 'of' in term && !('kind' in term.of) && term.of.source !== 'profile');
  return onRows ? 'rows' : 'always';
}

/** Every list of events read as the rows of leaf 0, which in a replay plan are all events. */
function wholeHistory(checked: Checked): Checked {
  const visit = (node: Checked): Checked => (node.kind === 'events' ? { ...node, leaf: 0 } : mapChildren(node, visit));
  return visit(checked);
}

function replayReasons({ fields }: Usage, leaves: readonly LeafDraft[]): readonly string[] {
  const whole = leaves.filter((_, index) => (fields.get(index) ?? []).some((path) => path.length === 0));
  return whole.length > 0 ? ['it compares or yields whole events, so each evaluation reads the stored ones'] : [];
}

function incrementalReasons(leaves: readonly LeafDraft[]): readonly string[] {
  if (leaves.length === 0) return ['it reads no events'];
  return leaves.map(({ eventTypes }) =>
    eventTypes === 'any' ? 'keeps what it reads of every event' : `keeps what it reads of ${eventTypes.join(', ')}`,
  );
}

function specOf(leaf: LeafDraft, index: number, { fields, ordered }: Usage, { name: timeZone }: Zone): LeafSpec {
  const paths = (fields.get(index) ?? [])
    .map((path) => path.join('\0'))
    .filter((path) => path !== 'timestamp' && !path.startsWith('#'))
    .sort()
    .map((path) => path.split('\0'));
  const texts = [leaf.test === undefined ? 'true' : print(leaf.test), paths, leaf.flags.map(print)];
  return {
    // A test may ask for the hour of day, so one zone's leaf is not another's.
    key: JSON.stringify([...texts, ordered.has(index), ...(timeZone === UTC.name ? [] : [timeZone])]),
    eventTypes: leaf.eventTypes,
    guard: guardOf(leaf.test),
    matches: leaf.test === undefined ? () => true : compileItemTest(leaf.test, timeZone),
    fields: paths,
    flags: leaf.flags.map((flag) => compileItemTest(flag, timeZone)),
    ordered: ordered.has(index),
    keep: leaf.keep,
  };
}
