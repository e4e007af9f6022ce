/** `GET` and `DELETE /preview/{id}`, `GET /estimate/{id}`. Whoever reads a preview that is not done drives it on. */
import type { deletePreview, getEstimate, getPreview } from '#shared/api/operations/previews.ts';
import type { PreviewPage } from '#shared/api/previews.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { Preview } from '#shared/preview/preview.ts';
import type { Questions } from '#shared/preview/tally.ts';
import { toEstimate } from './estimate-resource.ts';
import type { PreviewPorts } from './ports.ts';
import { noPreview, queryIdIn } from './preview-id.ts';
import { compileQuestions, readOn } from './read-on.ts';
import { toSample } from './sample-resource.ts';

/** How long a request reads on: long enough to be worth it, short enough that a page shows the number move. */
const READ_ON_MS = 1000;

interface Read {
  readonly preview: Preview;
  readonly questions: Questions;
}

async function driven(sandbox: string, previewId: string, ports: PreviewPorts): Promise<Read> {
  const started = ports.now();
  const preview = await ports.previews.find(sandbox, queryIdIn(previewId), started);
  if (preview === undefined) throw noPreview();
  const questions = compileQuestions(preview, ports, await ports.rules.current(sandbox));
  return { preview: await readOn(preview, questions, ports, { until: started + READ_ON_MS }), questions };
}

export async function readEstimate(
  { sandbox, pathParameters: { id } }: OperationRequest<typeof getEstimate>,
  ports: PreviewPorts,
): Promise<HttpResponse> {
  const { preview, questions } = await driven(sandbox, id, ports);
  return { status: 200, body: toEstimate(preview, questions, await ports.rules.current(sandbox)) };
}

export async function readSample(
  { sandbox, pathParameters: { id }, query }: OperationRequest<typeof getPreview>,
  ports: PreviewPorts,
): Promise<HttpResponse> {
  const { preview } = await driven(sandbox, id, ports);
  const body: PreviewPage = await toSample(preview, query, ports);
  return { status: 200, body };
}

export async function endPreview(
  { sandbox, pathParameters: { id } }: OperationRequest<typeof deletePreview>,
  { previews }: PreviewPorts,
): Promise<HttpResponse> {
  if (!(await previews.remove(sandbox, queryIdIn(id)))) throw noPreview();
  return { status: 200, body: { status: true, message: 'The preview is ended.' } };
}
