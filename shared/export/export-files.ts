/** Where exports go: objects below the prefix of all exports. The same name written again holds the later content. */
export interface ExportFiles {
  put(name: string, content: Uint8Array, type: string): Promise<void>;
  read(name: string): Promise<Uint8Array | undefined>;
  /** Names of everything in a folder. */
  list(folder: string): Promise<readonly string[]>;
  remove(names: readonly string[]): Promise<void>;
}
