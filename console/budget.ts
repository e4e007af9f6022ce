/** What the console may weigh: the build fails when a page loads more JavaScript or styles than this. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

interface Chunk {
  readonly file: string;
  readonly src?: string;
  readonly name?: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}
type Manifest = Readonly<Record<string, Chunk>>;

export interface Weight {
  readonly what: string;
  readonly kilobytes: number;
  readonly kilobytesMax: number;
}

const ENTRY = 'index.html';
const LIST = 'src/segments/SegmentsPage.tsx';
const BUILDER = 'src/segment-builder/BuilderPage.tsx';
const WORDS = 'src/messages/ko-builder.ts';
const CODE_VIEW = 'src/segment-builder/CodeView.tsx';

/** Gzipped kilobytes, and what each part may have on top of what is loaded before it. */
const BUDGETS = [
  { what: 'JavaScript before the list is usable', parts: [ENTRY, LIST], after: [], kilobytesMax: 195 },
  // Its words are of one language; those of the larger count.
  { what: 'further JavaScript of the builder', parts: [BUILDER, WORDS], after: [ENTRY, LIST], kilobytesMax: 62 },
  { what: 'the code view', parts: [CODE_VIEW], after: [ENTRY, LIST, BUILDER], kilobytesMax: 120 },
] as const;
const STYLES_KILOBYTES_MAX = 12;

export function weigh(folder: string): readonly Weight[] {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  const weightOf = (files: ReadonlySet<string>) =>
    [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length / 1024, 0);
  const scripts = BUDGETS.filter(({ parts }) => parts.every((part) => part in manifest)).map((budget) => {
    const before = filesOf(manifest, budget.after);
    const files = new Set([...filesOf(manifest, budget.parts)].filter((file) => !before.has(file)));
    return { what: budget.what, kilobytes: weightOf(files), kilobytesMax: budget.kilobytesMax };
  });
  const styles = new Set(Object.values(manifest).flatMap(({ css = [] }) => css));
  return [...scripts, { what: 'all styles', kilobytes: weightOf(styles), kilobytesMax: STYLES_KILOBYTES_MAX }];
}

export function checkBudget(folder: string): void {
  const over = weigh(folder).filter(({ kilobytes, kilobytesMax }) => kilobytes > kilobytesMax);
  if (over.length === 0) return;
  const lines = over.map(({ what, ...each }) => `${what}: ${each.kilobytes.toFixed(1)} kB of ${each.kilobytesMax} kB`);
  throw new Error(`the console is over its budget (gzipped): ${lines.join('; ')}`);
}

/** The scripts that are loaded for these parts, what they import included. */
function filesOf(manifest: Manifest, parts: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (chunk === undefined || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const part of parts) visit(part);
  return files;
}
