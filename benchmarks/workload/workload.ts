/** The people, events and definitions that the benchmarks run on. Everything follows from seeds. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeEvents } from './events.ts';
import type { Workload } from './model.ts';
import { makeProfiles } from './profiles.ts';
import { makeSegments } from './segments.ts';

/** The project's own, or a module that exports the same three functions. */
export async function loadWorkload(path: string | undefined): Promise<Workload> {
  if (path === undefined) return { makeProfiles, makeEvents, makeSegments };
  const module: Partial<Workload> = await import(pathToFileURL(resolve(path)).href);
  const missing = (['makeProfiles', 'makeEvents', 'makeSegments'] as const).filter(
    (name) => typeof module[name] !== 'function',
  );
  if (missing.length > 0) throw new Error(`--workload ${path} exports no ${missing.join(', no ')}`);
  return module as Workload;
}
