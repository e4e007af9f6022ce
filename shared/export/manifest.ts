/** What an export consists of. Files that it does not name are no part of it, whatever else lies in the folder. */
import type { ExportColumn, ExportedFile, ExportFormat } from '#shared/batch/export-specification.ts';

export interface ExportManifest {
  readonly version: 1;
  readonly exportJobId: string;
  readonly sandboxName: string;
  /** ISO 8601: the instant as of which memberships are. */
  readonly asOf: string;
  readonly format: ExportFormat;
  readonly columns: readonly ExportColumn[];
  readonly rows: number;
  readonly bytes: number;
  readonly files: readonly Omit<ExportedFile, 'mismatched'>[];
  /** By column: values that were not of its type and are left out. */
  readonly mismatched: Readonly<Record<string, number>>;
}

export const manifestName = (folder: string) => `${folder}manifest.json`;

interface Exported {
  readonly exportJobId: string;
  readonly sandboxName: string;
  readonly asOf: number;
  readonly format: ExportFormat;
  readonly columns: readonly ExportColumn[];
}

export function manifestOf({ asOf, ...exported }: Exported, files: readonly ExportedFile[]): ExportManifest {
  const mismatched: Record<string, number> = {};
  for (const file of files) {
    for (const [column, count] of Object.entries(file.mismatched)) {
      mismatched[column] = (mismatched[column] ?? 0) + count;
    }
  }
  const inOrder = [...files].sort((left, right) => (left.name < right.name ? -1 : 1));
  return {
    version: 1,
    ...exported,
    asOf: new Date(asOf).toISOString(),
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: inOrder.map(({ mismatched: _, ...file }) => file),
    mismatched,
  };
}
