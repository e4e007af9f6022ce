/** What of an explanation a reader is shown: the conditions as a tree, and below each what it rests on. */
import type { ExplanationNodeResource, MembershipExplanation } from '#shared/api/explanations.ts';
import { fromPql } from '../segment-builder/from-pql.ts';
import { countingIds } from '../segment-builder/model.ts';
import { sentenceOf, type Wording } from '../segment-builder/sentence.ts';

export type ExplanationNode = ExplanationNodeResource;

/** Parts that join others; everything else with a truth of its own is a condition. */
const JOINTS: readonly ExplanationNode['kind'][] = ['and', 'or', 'not', 'if', 'let'];
export const isJoint = ({ kind }: ExplanationNode): boolean => JOINTS.includes(kind);

/** The condition after a “not”: the two are said as one, for a row that holds because another does not is two thoughts. */
export function turnedRound(node: ExplanationNode): ExplanationNode | undefined {
  const [only, ...others] = node.children;
  return node.kind === 'not' && only !== undefined && others.length === 0 && !isJoint(only) ? only : undefined;
}

/** What is said under a joint: its own parts, those of the same kind folded into it. */
export function branchesOf(node: ExplanationNode): readonly ExplanationNode[] {
  return node.children.flatMap((child) =>
    child.kind === node.kind && node.kind !== 'not' ? branchesOf(child) : [child],
  );
}

/** The part that keeps out who has opted out: every definition has it that doesn't say otherwise. */
export const isConsent = ({ kind, text }: ExplanationNode): boolean =>
  kind === 'not' && CONSENTS.every((path) => text.includes(path));

const CONSENTS = ['consents.collect.val', 'consents.marketing.any.val'];

/** How many conditions stand under it. */
export const leavesOf = (node: ExplanationNode): number =>
  isJoint(node) ? node.children.reduce((sum, child) => sum + leavesOf(child), 0) : 1;

const YEAR_MS = 365 * 86_400_000;

/** Events themselves end with the retention, in years: nobody waits for that. */
export const isFarOff = (instant: string, now: number): boolean => Date.parse(instant) - now > YEAR_MS;

/** Whether its outcome moved the answer, could have, or was not needed. */
export function signOf(node: ExplanationNode): 'holds' | 'fails' | 'idle' {
  if (!node.decisive && !node.sensitive) return 'idle';
  return node.outcome === true ? 'holds' : 'fails';
}

/** The lists of events that a condition rests on, and the fields that it reads. */
export function groundsOf(node: ExplanationNode): {
  readonly evidence: readonly ExplanationNode[];
  readonly fields: readonly ExplanationNode[];
} {
  const all = [...descendants(node)];
  return {
    evidence: all.filter(({ evidence }) => evidence !== undefined),
    fields: all.filter(({ kind }) => kind === 'attribute'),
  };
}

function* descendants(node: ExplanationNode): Generator<ExplanationNode> {
  yield node;
  for (const child of node.children) yield* descendants(child);
}

/** The condition as the builder would say it; `undefined` where it can only show code. */
export function sentenceOfText(text: string, wording: Wording): string | undefined {
  const read = fromPql(text, countingIds());
  if (!read.ok || read.value.children.some(({ kind }) => kind === 'code')) return undefined;
  const [only, ...others] = read.value.children;
  const isPlain = only !== undefined && others.length === 0 && read.value.mode !== 'none';
  return sentenceOf(isPlain ? only : read.value, 'profile', wording);
}

export const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const isStored = ({ membership, qualifies }: MembershipExplanation): boolean =>
  membership === null ? !qualifies : (membership.status === 'realized') === qualifies;

/** How many conditions decided, as they are shown. */
export function decidingOf(node: ExplanationNode): number {
  if (isConsent(node)) return node.outcome === true ? 0 : 1;
  if (turnedRound(node) !== undefined || !isJoint(node)) return node.decisive ? 1 : 0;
  return node.children.reduce((sum, child) => sum + decidingOf(child), 0);
}
