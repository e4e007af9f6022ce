/** `POST /preview`: checks the question, cuts the table, and answers from the first profiles read. */
import type { createPreview } from '#shared/api/operations/previews.ts';
import type { PreviewResource } from '#shared/api/previews.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { newPreview } from '#shared/preview/preview.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import { questionTextIn, requirePolicy, requirePublished } from './check-question.ts';
import { comparedWith } from './compared-with.ts';
import { toEstimate } from './estimate-resource.ts';
import { findCut } from './find-cut.ts';
import type { PreviewPorts } from './ports.ts';
import { EXECUTION_ID, previewIdOf } from './preview-id.ts';
import { compileQuestions, readOn } from './read-on.ts';

type Request = OperationRequest<typeof createPreview>;

export async function askForPreview({ body, sandbox }: Request, ports: PreviewPorts): Promise<HttpResponse> {
  const at = ports.now();
  const extensions = extensionsOf(await ports.schemas.find(sandbox));
  const asked = questionTextIn(body, extensions);
  const compared = await comparedWith(body, { sandbox, extensions }, ports);
  const [rules, census] = await Promise.all([ports.rules.current(sandbox), ports.previews.findCensus(sandbox)]);
  const id = ports.newId();
  const { seed = id, clauses: wantsClauses } = body;
  const question = { asked, ...(compared === undefined ? {} : { comparedWith: compared }), wantsClauses };
  const questions = compileQuestions(question, ports, rules);
  requirePolicy(asked, rules, '/mergePolicyId');
  if (compared !== undefined) requirePolicy(compared, rules, '/compareWith/mergePolicyId');
  requirePublished(questions.asked, rules, '/predicateExpression');
  if (questions.comparedWith !== undefined) requirePublished(questions.comparedWith, rules, '/compareWith');
  const cut = await findCut({ sandbox, seed, census, at }, ports);
  const preview = newPreview({ id, sandboxName: sandbox, ...question, at, seed, ...cut }, census);
  // One look, however long it takes: the answer comes with it.
  const read = await readOn(preview, questions, ports, { until: at });
  const answer: PreviewResource = {
    previewId: previewIdOf(id),
    previewQueryId: id,
    previewExecutionId: EXECUTION_ID,
    state: read.state,
    previewQueryStatus: read.state,
    estimate: toEstimate(read, questions, rules),
  };
  return { status: 201, body: answer };
}
