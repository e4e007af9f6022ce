/** Rows that can't be taken, with line and reason, beside the source: mended, they are a source of their own. */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';

export interface RejectedRow {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

export const rejectsFile = (source: string) => `${source}.rejected.jsonl`;

export class Rejects {
  readonly #file: string;
  #descriptor: number | undefined;
  #bytes: number;

  /** `keepBytes`: what an earlier import has written and the checkpoint counts. */
  constructor(source: string, keepBytes: number) {
    this.#file = rejectsFile(source);
    this.#bytes = keepBytes;
    if (keepBytes === 0) rmSync(this.#file, { force: true });
    else {
      this.#descriptor = openSync(this.#file, 'r+');
      ftruncateSync(this.#descriptor, keepBytes);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  add({ line, reason, text }: RejectedRow): void {
    this.#descriptor ??= openSync(this.#file, 'w');
    const entry = `${JSON.stringify({ line, reason, text })}\n`;
    this.#bytes += writeSync(this.#descriptor, entry, this.#bytes);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}
