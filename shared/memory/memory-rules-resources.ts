import type { SandboxName } from '#shared/kernel/brand.ts';
import type { RulesResource, RulesResourceCommit, RulesResourceStore } from '#shared/segment/rules-resource-store.ts';
import type { MemorySegmentStore } from './memory-segment-store.ts';

/** Settings beside the rules of a segment store: the same promises, kept in a map. */
export class MemoryRulesResources<Resource extends RulesResource> implements RulesResourceStore<Resource> {
  readonly #resources = new Map<string, Resource>();
  readonly #segments: Pick<MemorySegmentStore, 'swapRules'>;

  constructor(segments: Pick<MemorySegmentStore, 'swapRules'>) {
    this.#segments = segments;
  }

  async find(sandboxName: SandboxName, id: string): Promise<Resource | undefined> {
    return this.#resources.get(`${sandboxName}#${id}`);
  }

  async list(sandboxName: SandboxName): Promise<readonly Resource[]> {
    const own = [...this.#resources].filter(([key]) => key.startsWith(`${sandboxName}#`));
    return own.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, resource]) => resource);
  }

  async commit({ sandboxName, before, after, rules }: RulesResourceCommit<Resource>): Promise<'committed' | 'changed'> {
    const id = (after ?? before)?.id;
    const key = `${sandboxName}#${id}`;
    if (id !== undefined && this.#resources.get(key)?.version !== before?.version) return 'changed';
    if (rules !== undefined && !this.#segments.swapRules(sandboxName, rules)) return 'changed';
    if (after !== undefined) this.#resources.set(key, after);
    else this.#resources.delete(key);
    return 'committed';
  }
}
