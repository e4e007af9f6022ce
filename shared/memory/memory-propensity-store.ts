import type { PropensityInstance } from '#shared/propensity/instance.ts';
import type { PropensityFiles, PropensityStore } from '#shared/propensity/propensity-store.ts';
import type { PropensityRun, RunKey } from '#shared/propensity/run.ts';

const runKeyText = ({ sandboxName, instanceId, runId }: RunKey) => `${sandboxName} ${instanceId} ${runId}`;

export class MemoryPropensityStore implements PropensityStore {
  readonly #instances = new Map<string, PropensityInstance>();
  readonly #runs = new Map<string, PropensityRun>();
  readonly #latest = new Map<string, string>();

  async findInstance(sandboxName: string, id: string): Promise<PropensityInstance | undefined> {
    return this.#instances.get(`${sandboxName} ${id}`);
  }

  async listInstances(sandboxName: string): Promise<readonly PropensityInstance[]> {
    return [...this.#instances.values()]
      .filter((instance) => instance.sandboxName === sandboxName)
      .sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  async putInstance(before: PropensityInstance | undefined, after: PropensityInstance): Promise<boolean> {
    const key = `${after.sandboxName} ${after.id}`;
    if (this.#instances.get(key)?.version !== before?.version) return false;
    this.#instances.set(key, structuredClone(after));
    return true;
  }

  async deleteInstance({ sandboxName, id, version }: PropensityInstance, clearing?: PropensityRun): Promise<boolean> {
    if (this.#instances.get(`${sandboxName} ${id}`)?.version !== version) return false;
    this.#instances.delete(`${sandboxName} ${id}`);
    for (const run of await this.listRuns(sandboxName, id)) {
      if (run.runId !== clearing?.runId) await this.forgetRun(run);
    }
    return true;
  }

  async findRun(key: RunKey): Promise<PropensityRun | undefined> {
    return this.#runs.get(runKeyText(key));
  }

  async listRuns(sandboxName: string, instanceId: string, limit?: number): Promise<readonly PropensityRun[]> {
    return [...this.#runs.values()]
      .filter((run) => run.sandboxName === sandboxName && run.instanceId === instanceId)
      .sort((left, right) => right.creationTime - left.creationTime || (left.runId < right.runId ? 1 : -1))
      .slice(0, limit);
  }

  async latestRun(sandboxName: string, instanceId: string): Promise<PropensityRun | undefined> {
    const runId = this.#latest.get(`${sandboxName} ${instanceId}`);
    return runId === undefined ? undefined : this.findRun({ sandboxName, instanceId, runId });
  }

  async beginRun(run: PropensityRun, latest: PropensityRun | undefined): Promise<boolean> {
    const place = `${run.sandboxName} ${run.instanceId}`;
    if (this.#latest.get(place) !== latest?.runId || !this.#add(run)) return false;
    this.#latest.set(place, run.runId);
    return true;
  }

  async forgetRun(run: PropensityRun): Promise<void> {
    const place = `${run.sandboxName} ${run.instanceId}`;
    if (this.#latest.get(place) === run.runId) this.#latest.delete(place);
    this.#runs.delete(runKeyText(run));
  }

  async addEndedRun(run: PropensityRun): Promise<boolean> {
    return this.#add(run);
  }

  #add(run: PropensityRun): boolean {
    if (this.#runs.has(runKeyText(run))) return false;
    this.#runs.set(runKeyText(run), structuredClone(run));
    return true;
  }

  async putRun(before: PropensityRun, after: PropensityRun): Promise<boolean> {
    const key = runKeyText(after);
    if (this.#runs.get(key)?.revision !== before.revision) return false;
    this.#runs.set(key, structuredClone(after));
    return true;
  }
}

export class MemoryPropensityFiles implements PropensityFiles {
  readonly #objects = new Map<string, string>();

  async read(name: string): Promise<unknown> {
    const text = this.#objects.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async put(name: string, content: object): Promise<void> {
    this.#objects.set(name, JSON.stringify(content));
  }

  get names(): readonly string[] {
    return [...this.#objects.keys()];
  }
}
