/**
 * Executions from one run to the next: a file for each, written when it has come further. What ran when the runner
 * stopped, or was killed, goes on from the state that it was in; that state's task may be invoked twice.
 */
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionRecord } from './execution.ts';
import type { MapRunRecord } from './map-run.ts';

export interface KeptExecution {
  readonly record: ExecutionRecord;
  /** Those that it has begun. */
  readonly mapRuns: readonly MapRunRecord[];
}

const FLUSH_AFTER_MS = 200;
/** So long the service remembers an execution that has ended. */
const KEPT_MS = 90 * 86_400_000;

export class ExecutionStore {
  readonly #folder: string | undefined;
  readonly #dirty = new Map<string, () => KeptExecution>();
  #timer: NodeJS.Timeout | undefined;

  constructor(folder?: string) {
    this.#folder = folder;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }

  /** In the order of their start. */
  load(now: number): readonly KeptExecution[] {
    const folder = this.#folder;
    if (folder === undefined) return [];
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const kept = files.map((file) => ({
      file,
      ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as KeptExecution),
    }));
    const isOld = ({ record }: KeptExecution) => (record.stoppedAt ?? now) < now - KEPT_MS;
    for (const { file } of kept.filter(isOld)) rmSync(join(folder, file));
    return kept.filter((one) => !isOld(one)).sort((a, b) => a.record.startedAt - b.record.startedAt);
  }

  /** `look` is asked for it when it is written. */
  changed(arn: string, look: () => KeptExecution): void {
    if (this.#folder === undefined) return;
    this.#dirty.set(arn, look);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [arn, look] of this.#dirty) {
      const file = join(this.#folder ?? '', `${hash('sha256', arn)}.json`);
      writeFileSync(`${file}.next`, JSON.stringify(look()));
      renameSync(`${file}.next`, file);
    }
    this.#dirty.clear();
  }
}
