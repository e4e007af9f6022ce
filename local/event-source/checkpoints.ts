/** How far each mapping has read each shard; kept in a file from one run to the next when there is one. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export class Checkpoints {
  readonly #file: string | undefined;
  readonly #positions: Map<string, string>;

  constructor(file?: string) {
    this.#file = file;
    const kept = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
    this.#positions = new Map(Object.entries(kept));
  }

  get(mappingId: string, shardId: string): string | undefined {
    return this.#positions.get(`${mappingId}/${shardId}`);
  }

  set(mappingId: string, shardId: string, position: string): void {
    this.#positions.set(`${mappingId}/${shardId}`, position);
  }

  /**
   * What to write once the state that these positions belong to is safe: a position ahead of its state would lose
   * records, one behind it only delivers some of them again.
   */
  prepareSave(): () => void {
    const positions = JSON.stringify(Object.fromEntries(this.#positions));
    const file = this.#file;
    return () => {
      if (!file) return;
      writeFileSync(`${file}.next`, positions);
      renameSync(`${file}.next`, file);
    };
  }
}
