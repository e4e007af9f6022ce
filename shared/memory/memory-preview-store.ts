import type { Census } from '#shared/preview/census.ts';
import type { Preview } from '#shared/preview/preview.ts';
import type { PreviewStore } from '#shared/preview/preview-store.ts';

interface Kept {
  readonly text: string;
  readonly revision: number;
  readonly expiresAt: number;
}

/** Previews as text, so that nothing is shared between two requests. */
export class MemoryPreviewStore implements PreviewStore {
  readonly #previews = new Map<string, Kept>();
  readonly #censuses = new Map<string, Census>();

  async find(sandboxName: string, id: string, now: number): Promise<Preview | undefined> {
    const kept = this.#previews.get(`${sandboxName}#${id}`);
    return kept === undefined || kept.expiresAt <= now ? undefined : JSON.parse(kept.text);
  }

  async put(preview: Preview, expiresAt: number): Promise<boolean> {
    const { sandboxName, id, revision } = preview;
    const key = `${sandboxName}#${id}`;
    if ((this.#previews.get(key)?.revision ?? 0) !== revision - 1) return false;
    this.#previews.set(key, { text: JSON.stringify(preview), revision, expiresAt });
    return true;
  }

  async remove(sandboxName: string, id: string): Promise<boolean> {
    return this.#previews.delete(`${sandboxName}#${id}`);
  }

  async findCensus(sandboxName: string): Promise<Census | undefined> {
    return this.#censuses.get(sandboxName);
  }

  async putCensus(sandboxName: string, census: Census): Promise<void> {
    this.#censuses.set(sandboxName, census);
  }
}
