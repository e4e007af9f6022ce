/**
 * A stream's records on disk, so that what was put and not yet processed survives a restart: one file of JSON lines,
 * appended as records arrive and rewritten at each start without what is past retention.
 */
import { createReadStream, createWriteStream, existsSync, renameSync, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ShardDescription } from './shard.ts';
import { type StoredRecord, Stream, type StreamSettings } from './stream.ts';

export class StreamLog {
  readonly #file: string;
  #writer: WriteStream | undefined;

  constructor(folder: string, streamName: string) {
    this.#file = join(folder, `${streamName}.jsonl`);
  }

  /** The stream as it was, or `undefined` if there was none. */
  async load(settings: StreamSettings): Promise<Stream | undefined> {
    if (!existsSync(this.#file)) return undefined;
    let stream: Stream | undefined;
    for await (const line of createInterface({ input: createReadStream(this.#file) })) {
      const entry = parseLine(line);
      if (entry && 'shards' in entry) {
        stream = new Stream(settings, entry.shards);
        stream.goOnFrom(entry.sequence ?? 0);
      }
      if (entry && 'record' in entry) stream?.restore(entry);
    }
    return stream;
  }

  /** Writes what the stream holds, then everything that it is given. */
  attach(stream: Stream): void {
    const shards = [...stream.shards.values()];
    const lines = [
      JSON.stringify({ shards: shards.map(({ description }) => description), sequence: stream.sequence }),
      ...shards.flatMap((shard) =>
        shard
          .readAfter('', Number.POSITIVE_INFINITY)
          .map((record) => JSON.stringify({ shardId: shard.description.id, record })),
      ),
    ];
    this.#writer?.end();
    writeFileSync(`${this.#file}.next`, `${lines.join('\n')}\n`);
    renameSync(`${this.#file}.next`, this.#file);
    this.#writer = createWriteStream(this.#file, { flags: 'a' });
  }

  append(stored: StoredRecord): void {
    this.#writer?.write(`${JSON.stringify(stored)}\n`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => (this.#writer ? this.#writer.end(resolve) : resolve()));
  }
}

interface Head {
  readonly shards: readonly ShardDescription[];
  /** Absent in the files of earlier versions. */
  readonly sequence?: number;
}

/** The last line of a runner that was killed may be cut off. */
function parseLine(line: string): StoredRecord | Head | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
