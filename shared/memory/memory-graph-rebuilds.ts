import type { GraphRebuild, GraphRebuildStore } from '#shared/batch/graph-rebuild.ts';

/** Changes of the identity graph for tests. */
export class MemoryGraphRebuilds implements GraphRebuildStore {
  readonly #rebuilds = new Map<string, GraphRebuild>();

  async put(rebuild: GraphRebuild): Promise<void> {
    this.#rebuilds.set(`${rebuild.sandboxName}#${rebuild.jobId}`, rebuild);
  }

  async find(sandboxName: string, jobId: string): Promise<GraphRebuild | undefined> {
    return this.#rebuilds.get(`${sandboxName}#${jobId}`);
  }

  async list(
    sandboxName: string,
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly GraphRebuild[]> {
    return [...this.#rebuilds.values()]
      .filter((each) => each.sandboxName === sandboxName && (after === undefined || each.jobId < after))
      .sort((left, right) => (left.jobId < right.jobId ? 1 : -1))
      .slice(0, limit);
  }
}
