/** An export is done when its manifest is there; what attempts that came to nothing left beside it is taken away. */
import type { ExportedFile, ExportSpecification } from '#shared/batch/export-specification.ts';
import type { Job } from '#shared/batch/job.ts';
import type { JobResult } from '#shared/batch/job-store.ts';
import type { JobPlan } from '#shared/batch/plan.ts';
import type { ExportFiles } from '#shared/export/export-files.ts';
import { manifestName, manifestOf } from '#shared/export/manifest.ts';

interface Closing {
  readonly job: Job;
  readonly plan: JobPlan;
  readonly specification: ExportSpecification;
  readonly files: readonly ExportedFile[];
  readonly optedOut: number;
}

export async function closeExport(
  { job, plan, specification, files, optedOut }: Closing,
  { exports }: { readonly exports: ExportFiles },
): Promise<JobResult['exported']> {
  const { folder, format, columns } = specification;
  const { jobId: exportJobId, sandboxName } = job;
  const manifest = manifestOf({ exportJobId, sandboxName, asOf: plan.asOf, format, columns }, files);
  const kept = new Set([manifestName(folder), ...files.map(({ name }) => `${folder}${name}`)]);
  const strays = (await exports.list(folder)).filter((name) => !kept.has(name));
  await exports.remove(strays);
  const content = new TextEncoder().encode(JSON.stringify(manifest, null, 2));
  await exports.put(manifestName(folder), content, 'application/json');
  return { rows: manifest.rows, files: files.length, bytes: manifest.bytes, optedOut };
}
