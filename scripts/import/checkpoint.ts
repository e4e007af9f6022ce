/** How far an import has come, in a file beside the source: what a killed import goes on from. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';

export interface Progress {
  /** Everything up to this line is in the stream, or rejected. */
  readonly line: number;
  readonly taken: number;
  readonly rejected: number;
  /** Of the file of rejects: what stands behind was written after the checkpoint, and is written again. */
  readonly rejectsBytes: number;
}

interface Checkpoint extends Progress {
  readonly source: { readonly bytes: number; readonly head: string };
  readonly mapping: string;
  readonly isDone: boolean;
}

export const START: Progress = { line: 0, taken: 0, rejected: 0, rejectsBytes: 0 };
const HEAD_BYTES_MAX = 64 * 1024;

export const checkpointFile = (source: string) => `${source}.import.json`;

export class CheckpointFile {
  readonly #source: string;
  readonly #mapping: string;
  readonly #bytes: number;

  /** `mapping`: the mapping's text; another one would not go on, but begin something else. */
  constructor(source: string, mapping: string) {
    this.#source = source;
    this.#mapping = createHash('sha256').update(mapping).digest('hex');
    this.#bytes = statSync(source).size;
  }

  /** Throws where the source or the mapping is no longer what the checkpoint was made with. */
  read(): (Progress & { readonly isDone: boolean }) | undefined {
    const file = checkpointFile(this.#source);
    if (!existsSync(file)) return undefined;
    const { source, mapping, ...progress } = JSON.parse(readFileSync(file, 'utf8')) as Checkpoint;
    // A file that has grown since is the same file.
    const isSame = this.#bytes >= source.bytes && this.#headOf(source.bytes) === source.head;
    const changed = isSame ? (mapping === this.#mapping ? undefined : 'the mapping') : this.#source;
    if (changed === undefined) return progress;
    throw new Error(
      `${changed} is not what it was when ${file} was written: import without --resume, from the beginning`,
    );
  }

  write(progress: Progress, isDone: boolean): void {
    const source = { bytes: this.#bytes, head: this.#headOf(this.#bytes) };
    const checkpoint: Checkpoint = { ...progress, isDone, source, mapping: this.#mapping };
    const file = checkpointFile(this.#source);
    writeFileSync(`${file}.new`, `${JSON.stringify(checkpoint, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  }

  #headOf(bytes: number): string {
    const head = Buffer.alloc(Math.min(bytes, HEAD_BYTES_MAX));
    const descriptor = openSync(this.#source, 'r');
    try {
      readSync(descriptor, head, 0, head.length, 0);
    } finally {
      closeSync(descriptor);
    }
    return createHash('sha256').update(head).digest('hex');
  }
}
