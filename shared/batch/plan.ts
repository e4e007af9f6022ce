/** What a job does, settled once when it starts and kept: whoever runs a part of it again does the same. */
import { hash32 } from '#shared/profile/hash.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import type { ExportSpecification } from './export-specification.ts';
import { isOpen, type Job, type JobKey } from './job.ts';
import { folderOf, type JobFiles } from './job-store.ts';
import type { UploadSpecification } from './upload-specification.ts';

export interface PlannedDefinition {
  readonly id: string;
  readonly ordinal: number;
  readonly version: number;
  /** When the last successful job looked at it, or null: who has been a member since before is `existing`. */
  readonly previousAt: number | null;
}

export interface JobPlan {
  readonly format: 1;
  readonly asOf: number;
  readonly rulesVersion: number;
  readonly nextSegmentOrdinal: number;
  readonly ranges: number;
  /** Another job was under way: whoever is the newer says what it found of everybody, so that the older can't have the last word. */
  readonly overlaps: boolean;
  readonly definitions: readonly PlannedDefinition[];
  /** What an export asks for. */
  readonly exported?: ExportSpecification;
  readonly upload?: UploadSpecification;
}

/** A range is read by one process after another; so many profiles are a few minutes of one's work. */
export const PROFILES_PER_RANGE = 20_000;
/** As many as one Distributed Map takes from the state's input. */
export const RANGES_MAX = 10_000;

export function rangesFor(items: number): number {
  return Math.min(RANGES_MAX, Math.max(1, Math.ceil(items / PROFILES_PER_RANGE)));
}

export interface PlanInput {
  readonly job: Job;
  readonly rules: RulesArtifact;
  /** Every other one of the same sandbox. */
  readonly earlier: readonly Job[];
  readonly ranges: number;
  readonly now: number;
}

export function planJob({ job, rules, earlier, ranges, now }: PlanInput): JobPlan {
  const wanted = job.segmentIds === '*' ? undefined : new Set(job.segmentIds);
  const succeeded = earlier.filter(({ status, asOf }) => status === 'SUCCEEDED' && asOf !== undefined);
  return {
    format: 1,
    asOf: now,
    rulesVersion: rules.rulesVersion,
    nextSegmentOrdinal: rules.nextSegmentOrdinal,
    ranges,
    ...(job.exported !== undefined && { exported: job.exported }),
    ...(job.upload !== undefined && { upload: job.upload }),
    overlaps: earlier.some((other) => other.jobId !== job.jobId && isOpen(other)),
    definitions: rules.definitions
      .filter(({ id }) => wanted?.has(id) ?? true)
      .map(({ id, ordinal, version }) => ({ id, ordinal, version, previousAt: lastLook(succeeded, id, ordinal) })),
  };
}

function lastLook(succeeded: readonly Job[], id: string, ordinal: number): number | null {
  const looked = succeeded.filter(({ segmentIds, nextSegmentOrdinal = 0 }) =>
    segmentIds === '*' ? ordinal < nextSegmentOrdinal : segmentIds.includes(id),
  );
  return looked.reduce<number | null>((last, { asOf = 0 }) => Math.max(last ?? 0, asOf), null);
}

export const readPlan = async (name: string, files: JobFiles) => (await files.read(name)) as JobPlan | undefined;

/**
 * Under a name that says what is in it: a write of another plan that comes late can't take the place of the one that the
 * job's record names.
 */
export async function keepPlan(key: JobKey, plan: JobPlan, files: JobFiles): Promise<string> {
  const name = `${folderOf(key)}/plan-${plan.asOf}-${hash32(JSON.stringify(plan)).toString(36)}.json`;
  await files.put(name, plan);
  return name;
}
