/** `/export/jobs`: which behaviour answers which operation. */
import {
  createExportJob,
  deleteExportJob,
  getExportFiles,
  getExportJob,
  listExportJobs,
  redriveExportJob,
} from '#shared/api/operations/exports.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import type { ExportPorts } from './ports.ts';
import { files, list, read } from './read-exports.ts';
import { cancel, create, redrive } from './start-export.ts';

export const exportsApi = (ports: ExportPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listExportJobs, list],
      [createExportJob, create],
      [getExportJob, read],
      [getExportFiles, files],
      [deleteExportJob, cancel],
      [redriveExportJob, redrive],
    ],
    ports,
    guard,
  );
