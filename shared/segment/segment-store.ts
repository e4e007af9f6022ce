/** Where definitions and the rules made of them are kept, as their users need it. */
import type { SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import type { DraftRevision } from './draft-revision.ts';
import type { RulesArtifact } from './rules.ts';
import type { SegmentDefinition } from './segment-definition.ts';
import type { SegmentEntry } from './segment-entry.ts';

/** Which artifact every evaluator of the sandbox must use from now on. */
export interface RulesPointer {
  readonly rulesVersion: number;
  readonly artifactKey: string;
  readonly nextSegmentOrdinal: number;
}

/** All of it or nothing, and only if nobody else changed any of it meanwhile. */
export interface SegmentCommit {
  readonly sandboxName: SandboxName;
  /** As it was read; absent for a new definition. */
  readonly before?: SegmentDefinition;
  /** Absent when it is deleted. */
  readonly after?: SegmentDefinition;
  /** The revision of the draft that this publishes: gone afterwards. */
  readonly draft?: number;
  /** The revision of the sandbox's destinations that none of them delivers it by. */
  readonly destinations?: number;
  /** Present when the change concerns what is evaluated. `previousVersion` is 0 where there were no rules. */
  readonly rules?: { readonly previousVersion: number; readonly next: RulesPointer };
}

/** `changed`: another writer was faster with this definition or with the rules; read again and decide anew. */
export type SegmentCommitOutcome = 'committed' | 'name-in-use' | 'changed';

/** Reads are consistent: a change that was committed is seen. */
export interface SegmentStore {
  find(sandboxName: SandboxName, id: SegmentId): Promise<SegmentDefinition | undefined>;
  /** As it was in that version; versions outlive the definition. */
  findVersion(sandboxName: SandboxName, id: SegmentId, version: number): Promise<SegmentDefinition | undefined>;
  /** Those before the given version, the newest first. */
  listVersions(
    sandboxName: SandboxName,
    id: SegmentId,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly SegmentDefinition[]>;
  /** In the order of the ids, without those that are gone. */
  findMany(sandboxName: SandboxName, ids: readonly SegmentId[]): Promise<readonly SegmentDefinition[]>;
  findIdByName(sandboxName: SandboxName, name: string): Promise<SegmentId | undefined>;
  /** Every definition of the sandbox, in no order. */
  list(sandboxName: SandboxName): Promise<readonly SegmentEntry[]>;
  findRules(sandboxName: SandboxName): Promise<RulesPointer | undefined>;
  commit(commit: SegmentCommit): Promise<SegmentCommitOutcome>;
  findDraft(sandboxName: SandboxName, id: SegmentId): Promise<DraftRevision | undefined>;
  /** False, and nothing is written, unless the draft is the one before it; `revision` 1 follows no draft. */
  saveDraft(sandboxName: SandboxName, draft: DraftRevision): Promise<boolean>;
  /** False if this revision is not there. */
  dropDraft(sandboxName: SandboxName, id: SegmentId, revision: number): Promise<boolean>;
}

export interface PublishedSandbox {
  readonly sandboxName: string;
  readonly rulesVersion: number;
}

/** Every sandbox that has rules; never behind a commit. */
export interface PublishedSandboxes {
  published(): Promise<readonly PublishedSandbox[]>;
}

/** Artifacts are immutable: a key is written once. */
export interface RulesArtifactStore {
  get(key: string): Promise<RulesArtifact>;
  put(key: string, artifact: RulesArtifact): Promise<void>;
}
