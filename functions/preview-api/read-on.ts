/**
 * Reads profiles for a preview until it is done or time is up. Each look is stored on condition that nobody else stored it:
 * of two requests that read on at once one has read in vain, and answers with what the other found.
 */
import { eachOf } from '#shared/kernel/concurrency.ts';
import { InvariantViolation, invariant } from '#shared/kernel/invariant.ts';
import { withPreview } from '#shared/preview/census.ts';
import { clausesOf } from '#shared/preview/clauses.ts';
import { countedIn, failed, isRunning, lookAfter, type Preview, withLook } from '#shared/preview/preview.ts';
import { segmentsInOrder } from '#shared/preview/segment-order.ts';
import type { Look } from '#shared/preview/table-cut.ts';
import { type Questions, Teller } from '#shared/preview/tally.ts';
import type { SegmentProfile } from '#shared/profile/profile-segments.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { checkQuestion } from './check-question.ts';
import { loadPeople } from './load-people.ts';
import type { PreviewPorts } from './ports.ts';
import { noPreview } from './preview-id.ts';

const TIME_TO_LIVE_MS = 3_600_000;
const SEGMENTS_AT_ONCE = 16;

export function compileQuestions(
  { asked, comparedWith, wantsClauses }: Pick<Preview, 'asked' | 'comparedWith' | 'wantsClauses'>,
  { retentionMs }: Pick<PreviewPorts, 'retentionMs'>,
  { computed }: CompiledRules,
): Questions {
  const question = checkQuestion(asked, retentionMs, computed);
  return {
    asked: question,
    comparedWith: comparedWith && checkQuestion(comparedWith, retentionMs, computed),
    clauses: wantsClauses ? clausesOf(question.checked, question) : undefined,
  };
}

export async function readOn(
  preview: Preview,
  questions: Questions,
  ports: PreviewPorts,
  { until }: { readonly until: number },
): Promise<Preview> {
  let current = preview;
  while (isRunning(current)) {
    const next = { ...(await readLook(current, questions, ports)), revision: current.revision + 1 };
    const isStored = await ports.previews.put(next, ports.now() + TIME_TO_LIVE_MS);
    if (!isStored) return readAnew(preview, ports);
    current = next;
    if (current.state === 'RESULT_READY') await addToCensus(current, ports);
    if (ports.now() >= until) return current;
  }
  return current;
}

async function readAnew({ sandboxName, id }: Preview, { previews, now }: PreviewPorts): Promise<Preview> {
  const other = await previews.find(sandboxName, id, now());
  if (other === undefined) throw noPreview();
  return other;
}

async function addToCensus(preview: Preview, { previews, now }: PreviewPorts): Promise<void> {
  const { sandboxName } = preview;
  const census = await previews.findCensus(sandboxName);
  const next = withPreview(census, countedIn(preview), now());
  if (next !== census) await previews.putCensus(sandboxName, next);
}

/** What the world does wrong is thrown, and the next request goes on from here; what we do wrong would fail again. */
async function readLook(preview: Preview, questions: Questions, ports: PreviewPorts): Promise<Preview> {
  try {
    return await readAndCount(preview, questions, ports);
  } catch (error) {
    if (!OURS.some((kind) => error instanceof kind)) throw error;
    ports.report(error);
    return failed(preview, 'The expression could not be evaluated over one of the profiles.');
  }
}

const OURS = [InvariantViolation, RangeError, TypeError] as const;

async function readAndCount(preview: Preview, questions: Questions, ports: PreviewPorts): Promise<Preview> {
  const look = lookAfter(preview);
  invariant(look !== undefined, 'a preview that runs has something left to read');
  const rules = await ports.rules.current(preview.sandboxName);
  const instant = { rules, at: preview.at, retentionMs: ports.retentionMs };
  const { profiles, scanned } = await readSegments(preview, look, ports);
  const people = await loadPeople(profiles, questions, instant, ports);
  const teller = new Teller(questions, preview.tally);
  teller.scanned(scanned);
  for (const person of people) teller.add(person);
  return withLook(preview, look, teller.tally());
}

/** In the order of the segments, whichever was read first: the same seed has the same people in its samples. */
async function readSegments(
  { sandboxName, seed, totalSegments, segmentsRead }: Preview,
  look: Look,
  ports: PreviewPorts,
) {
  const chosen = segmentsInOrder(seed, totalSegments, segmentsRead, look.segments);
  const bySegment = new Map<number, readonly SegmentProfile[]>();
  let scanned = 0;
  await eachOf(chosen, SEGMENTS_AT_ONCE, async (segment) => {
    const read = await ports.segments.read(sandboxName, segment, totalSegments);
    bySegment.set(segment, read.profiles);
    scanned += read.scanned;
  });
  return { profiles: chosen.flatMap((segment) => bySegment.get(segment) ?? []), scanned };
}
