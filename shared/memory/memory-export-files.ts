import type { ExportFiles } from '#shared/export/export-files.ts';

export class MemoryExportFiles implements ExportFiles {
  readonly contents = new Map<string, Uint8Array>();

  async put(name: string, content: Uint8Array): Promise<void> {
    this.contents.set(name, content);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.contents.get(name);
  }

  async list(folder: string): Promise<readonly string[]> {
    return [...this.contents.keys()].filter((name) => name.startsWith(folder)).sort();
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) this.contents.delete(name);
  }
}
