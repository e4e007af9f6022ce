/** The segment stores for tests and the simulator: the same promises, kept in maps. */
import type { SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { DraftRevision } from '#shared/segment/draft-revision.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { entryOf, type SegmentEntry } from '#shared/segment/segment-entry.ts';
import type {
  RulesArtifactStore,
  RulesPointer,
  SegmentCommit,
  SegmentCommitOutcome,
  SegmentStore,
} from '#shared/segment/segment-store.ts';

interface Shelf {
  readonly definitions: Map<string, SegmentDefinition>;
  readonly versions: Map<string, SegmentDefinition>;
  readonly drafts: Map<string, DraftRevision>;
  rules?: RulesPointer;
}

export class MemorySegmentStore implements SegmentStore {
  readonly #shelves = new Map<string, Shelf>();

  async find(sandboxName: SandboxName, id: SegmentId): Promise<SegmentDefinition | undefined> {
    return this.#shelf(sandboxName).definitions.get(id);
  }

  async findVersion(sandboxName: SandboxName, id: SegmentId, version: number): Promise<SegmentDefinition | undefined> {
    return this.#shelf(sandboxName).versions.get(`${id}#${version}`);
  }

  async findMany(sandboxName: SandboxName, ids: readonly SegmentId[]): Promise<readonly SegmentDefinition[]> {
    const { definitions } = this.#shelf(sandboxName);
    return ids.map((id) => definitions.get(id)).filter((definition) => definition !== undefined);
  }

  async findIdByName(sandboxName: SandboxName, name: string): Promise<SegmentId | undefined> {
    return [...this.#shelf(sandboxName).definitions.values()].find((definition) => definition.name === name)?.id;
  }

  async list(sandboxName: SandboxName): Promise<readonly SegmentEntry[]> {
    return [...this.#shelf(sandboxName).definitions.values()].map(entryOf);
  }

  async listVersions(
    sandboxName: SandboxName,
    id: SegmentId,
    { before = Number.POSITIVE_INFINITY, limit }: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly SegmentDefinition[]> {
    return [...this.#shelf(sandboxName).versions.values()]
      .filter((definition) => definition.id === id && definition.version < before)
      .sort((left, right) => right.version - left.version)
      .slice(0, limit);
  }

  async findDraft(sandboxName: SandboxName, id: SegmentId): Promise<DraftRevision | undefined> {
    return this.#shelf(sandboxName).drafts.get(id);
  }

  async saveDraft(sandboxName: SandboxName, draft: DraftRevision): Promise<boolean> {
    const { drafts } = this.#shelf(sandboxName);
    if ((drafts.get(draft.definitionId)?.revision ?? 0) !== draft.revision - 1) return false;
    drafts.set(draft.definitionId, draft);
    return true;
  }

  async dropDraft(sandboxName: SandboxName, id: SegmentId, revision: number): Promise<boolean> {
    const { drafts } = this.#shelf(sandboxName);
    return drafts.get(id)?.revision === revision && drafts.delete(id);
  }

  async findRules(sandboxName: SandboxName): Promise<RulesPointer | undefined> {
    return this.#shelf(sandboxName).rules;
  }

  async commit({ sandboxName, before, after, rules, draft }: SegmentCommit): Promise<SegmentCommitOutcome> {
    const shelf = this.#shelf(sandboxName);
    const current = shelf.definitions.get((before ?? after)?.id ?? '');
    if (current?.version !== before?.version) return 'changed';
    if (rules !== undefined && (shelf.rules?.rulesVersion ?? 0) !== rules.previousVersion) return 'changed';
    const id = (before ?? after)?.id ?? '';
    if (draft !== undefined && shelf.drafts.get(id)?.revision !== draft) return 'changed';
    // No await before the last write: what was checked still holds.
    const owner = [...shelf.definitions.values()].find(({ name }) => name === after?.name);
    if (owner !== undefined && owner.id !== after?.id) return 'name-in-use';
    if (after !== undefined) shelf.versions.set(`${after.id}#${after.version}`, after);
    if (after !== undefined) shelf.definitions.set(after.id, after);
    else if (before !== undefined) shelf.definitions.delete(before.id);
    if (draft !== undefined || after === undefined) shelf.drafts.delete(id);
    if (rules !== undefined) shelf.rules = rules.next;
    return 'committed';
  }

  /** For settings that are committed with the rules. False where these are no longer as they were read. */
  swapRules(sandboxName: SandboxName, { previousVersion, next }: NonNullable<SegmentCommit['rules']>): boolean {
    const shelf = this.#shelf(sandboxName);
    if ((shelf.rules?.rulesVersion ?? 0) !== previousVersion) return false;
    shelf.rules = next;
    return true;
  }

  #shelf(sandboxName: string): Shelf {
    const known = this.#shelves.get(sandboxName);
    if (known !== undefined) return known;
    const shelf: Shelf = { definitions: new Map(), versions: new Map(), drafts: new Map() };
    this.#shelves.set(sandboxName, shelf);
    return shelf;
  }
}

export class MemoryRulesArtifactStore implements RulesArtifactStore {
  readonly #artifacts = new Map<string, string>();

  async get(key: string): Promise<RulesArtifact> {
    const text = this.#artifacts.get(key);
    invariant(text !== undefined, `no artifact ${key}`);
    return JSON.parse(text);
  }

  async put(key: string, artifact: RulesArtifact): Promise<void> {
    invariant(!this.#artifacts.has(key), `the artifact ${key} is written once`);
    this.#artifacts.set(key, JSON.stringify(artifact));
  }
}
