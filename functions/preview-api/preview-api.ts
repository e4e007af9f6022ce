/** `/preview` and `/estimate`: which behaviour answers which operation. */
import { createPreview, deletePreview, getEstimate, getPreview } from '#shared/api/operations/previews.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { askForPreview } from './create-preview.ts';
import type { PreviewPorts } from './ports.ts';
import { endPreview, readEstimate, readSample } from './read-preview.ts';

export const previewApi = (ports: PreviewPorts) =>
  operationRouter(
    [
      [createPreview, askForPreview],
      [getPreview, readSample],
      [deletePreview, endPreview],
      [getEstimate, readEstimate],
    ],
    ports,
  );
