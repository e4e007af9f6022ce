/**
 * A function's log as JSON lines in a file of its own, begun anew at each start. A line that is JSON already, as the
 * logger writes it, stays as it is; anything else is wrapped as Lambda does with JSON logging.
 */
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export class LogFile {
  readonly path: string;
  readonly #stream: WriteStream;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#stream = createWriteStream(path, { flags: 'w' });
  }

  write(level: 'INFO' | 'ERROR', message: unknown): void {
    this.#stream.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, message })}\n`);
  }

  /** Takes whatever a worker prints, line by line. */
  follow(output: Readable, level: 'INFO' | 'ERROR'): void {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    output.on('data', (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#writeLine(line, level);
    });
    output.on('end', () => this.#writeLine(rest, level));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#stream.end(resolve));
  }

  #writeLine(line: string, level: 'INFO' | 'ERROR'): void {
    if (line.trim() === '') return;
    if (line.startsWith('{') && line.endsWith('}')) this.#stream.write(`${line}\n`);
    else this.write(level, line);
  }
}
