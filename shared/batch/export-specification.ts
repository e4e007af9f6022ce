/** What an export asks for, settled when it is made: names are looked up and checked by then. */

import type { ConsentPurpose } from '#shared/profile/consent.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const COLUMN_TYPES = ['text', 'number', 'integer', 'boolean', 'json'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface ExportColumn {
  /** The path that it holds. */
  readonly name: string;
  readonly type: ColumnType;
}

/** As its caller sends it, and reads it again. */
export interface ExportRequest {
  /** Paths, separated by commas. */
  readonly fields?: string | undefined;
  readonly mergePolicy?: { readonly id: string; readonly version?: number | undefined } | undefined;
  readonly filter?: ExportFilter | undefined;
  readonly consentPurpose?: ConsentPurpose | undefined;
  readonly destination: {
    readonly format: ExportFormat;
    readonly prefix?: string | undefined;
    readonly datasetId?: string | undefined;
  };
}

/** What a schedule exports each time that it is due. */
export interface ScheduledExport {
  /** Ids of definitions whose members are exported; `*` stands for everybody. */
  readonly segments: readonly string[];
  readonly export?: Partial<Omit<ExportRequest, 'filter'>> | undefined;
}

export const EXPORT_STATUSES = ['realized', 'existing', 'exited'] as const;

/** Instants in ISO 8601. */
export interface ExportFilter {
  readonly segments?:
    | readonly {
        readonly segmentId: string;
        readonly segmentNs?: string | undefined;
        readonly status?: readonly (typeof EXPORT_STATUSES)[number][] | undefined;
      }[]
    | undefined;
  readonly segmentQualificationTime?:
    | { readonly startTime?: string | undefined; readonly endTime?: string | undefined }
    | undefined;
  readonly fromIngestTimestamp?: string | undefined;
  readonly emptyProfiles?: boolean | undefined;
}

export interface ExportedSegment {
  readonly segmentId: string;
  readonly statuses: readonly ('realized' | 'exited')[];
}

export interface ExportSpecification {
  readonly request: ExportRequest;
  readonly format: ExportFormat;
  /** Where its files are, below the prefix of all exports; ends with a slash. */
  readonly folder: string;
  readonly columns: readonly ExportColumn[];
  /** Whoever has one of the statuses in one of them; absent: everybody. */
  readonly segments?: readonly ExportedSegment[];
  /** Epoch milliseconds: when one of those memberships began, or ended. From the first on, before the second. */
  readonly qualifiedFrom?: number;
  readonly qualifiedUntil?: number;
  /** Only profiles that something was written of since. */
  readonly changedSince?: number;
  /** Also people of whom no data set says anything. */
  readonly emptyProfiles: boolean;
  readonly mergePolicyId?: string;
  /** Who refuses it is left out. Absent in those of earlier releases. */
  readonly consentPurpose?: ConsentPurpose;
}

/** A file of an export, complete. */
export interface ExportedFile {
  /** Below the export's folder. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** By column: values that were not of its type and are left out. */
  readonly mismatched: Readonly<Record<string, number>>;
}
