/** What an edited definition is compared with: a stored definition, or another expression. */

import * as z from 'zod';
import { expressionText } from '#shared/api/expression-text.ts';
import type { CreatePreview } from '#shared/api/previews.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import type { QuestionText } from '#shared/preview/question.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { declaredText, predicateText } from './check-question.ts';
import type { PreviewPorts } from './ports.ts';

const POINTER = '/compareWith';
const segmentId = z.uuid();

export async function comparedWith(
  { compareWith, timeZone, mergePolicyId }: CreatePreview,
  { sandbox, extensions }: { readonly sandbox: SandboxName; readonly extensions: SchemaExtensions },
  { definitions }: Pick<PreviewPorts, 'definitions'>,
): Promise<QuestionText | undefined> {
  if (compareWith === undefined) return undefined;
  if (typeof compareWith === 'string') {
    const id = segmentId.safeParse(compareWith).data;
    if (id === undefined) return { ...declaredText(compareWith, extensions), timeZone, mergePolicyId };
    return questionIn(await findDefinition(sandbox, { segmentId: id }, definitions));
  }
  if ('segmentId' in compareWith) return questionIn(await findDefinition(sandbox, compareWith, definitions));
  const expression = predicateText(compareWith, `${POINTER}/predicateExpression`);
  const text = declaredText(expression, extensions);
  return { ...text, timeZone: compareWith.timeZone ?? timeZone, mergePolicyId: compareWith.mergePolicyId };
}

async function findDefinition(
  sandbox: SandboxName,
  { segmentId: text, version }: { readonly segmentId: string; readonly version?: number | undefined },
  definitions: PreviewPorts['definitions'],
): Promise<SegmentDefinition> {
  const id = text.toLowerCase() as SegmentId;
  const found = await (version === undefined
    ? definitions.find(sandbox, id)
    : definitions.findVersion(sandbox, id, version));
  if (found !== undefined) return found;
  const which = version === undefined ? '' : ` in version ${version}`;
  throw new Problem('not-found', `compareWith: no segment definition of this sandbox has the id ${id}${which}.`);
}

/** A stored definition by what it was accepted with. Of an external audience `inSegment` says who is in it. */
function questionIn({
  id,
  kind,
  expression: { format, value },
  timeZone,
  mergePolicyId,
  declared,
}: SegmentDefinition): QuestionText {
  if (kind === 'external') return { expression: `inSegment("${id}")` };
  const expression = expressionText({ format, value }, POINTER);
  return { expression, timeZone, mergePolicyId, ...(declared && { declared }) };
}
