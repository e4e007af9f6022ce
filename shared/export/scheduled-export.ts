/** An export that a schedule asks for: settled like any other, each time anew, for definitions and labels change. */
import type { ExportRequest, ScheduledExport } from '#shared/batch/export-specification.ts';

/** Whoever is a member of one of them when it runs; everybody where `*` is among them. */
export function exportRequestOf({ segments, export: asked }: ScheduledExport): ExportRequest {
  const wanted = [...new Set(segments)].map((segmentId) => ({ segmentId }));
  return {
    destination: { format: 'jsonl' },
    ...asked,
    ...(!segments.includes('*') && { filter: { segments: wanted } }),
  };
}

/** Where in a schedule stands what an export has at this place. */
export function pointerInSchedule(pointer: string): string {
  const [, index] = /^\/filter\/segments\/(\d+)/.exec(pointer) ?? [];
  return index === undefined ? `/properties/export${pointer}` : `/properties/segments/${index}`;
}
