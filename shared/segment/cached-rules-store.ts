/** Rules by their pointer: the pointer is read every time, an artifact once, for it never changes under its key. */
import type { SandboxName } from '#shared/kernel/brand.ts';
import { type CompiledRules, compileRules } from './compiled-rules.ts';
import { NO_RULES } from './rules.ts';
import type { RulesStore } from './rules-store.ts';
import type { RulesArtifactStore, SegmentStore } from './segment-store.ts';

interface Cached {
  readonly artifactKey: string;
  readonly rules: Promise<CompiledRules>;
}

export class CachedRulesStore implements RulesStore {
  readonly #pointers: Pick<SegmentStore, 'findRules'>;
  readonly #artifacts: Pick<RulesArtifactStore, 'get'>;
  readonly #cache = new Map<string, Cached>();
  readonly #none = compileRules(NO_RULES);

  constructor(pointers: Pick<SegmentStore, 'findRules'>, artifacts: Pick<RulesArtifactStore, 'get'>) {
    this.#pointers = pointers;
    this.#artifacts = artifacts;
  }

  async current(sandboxName: string): Promise<CompiledRules> {
    const pointer = await this.#pointers.findRules(sandboxName as SandboxName);
    if (pointer === undefined) return this.#none;
    const { artifactKey } = pointer;
    const cached = this.#cache.get(sandboxName);
    if (cached?.artifactKey === artifactKey) return cached.rules;
    const rules = this.#artifacts.get(artifactKey).then(compileRules);
    this.#cache.set(sandboxName, { artifactKey, rules });
    rules.catch(() => this.#cache.delete(sandboxName));
    return rules;
  }
}
