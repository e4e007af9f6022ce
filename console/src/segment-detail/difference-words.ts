/** A difference as a reader sees it: the field by its name, a rule word by word. */
import type { Difference } from '#shared/api/difference.ts';

export interface Change {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** By the first name of a JSON pointer: what lies deeper belongs to it. */
export function fieldNameOf(path: string, names: Readonly<Record<string, string>>): string {
  const [, field = ''] = path.split('/');
  return names[field] ?? field;
}

export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export const isText = ({ before, after }: Difference): boolean =>
  typeof before === 'string' && typeof after === 'string';

/** Longer texts are told as a whole: the table of common words grows with the product of both. */
const WORDS_MAX = 1_500;

/** The longest common words stay; what is between them was removed and added. */
export function changesOf(before: string, after: string): readonly Change[] {
  const [left, right] = [wordsOf(before), wordsOf(after)];
  if (left.length > WORDS_MAX || right.length > WORDS_MAX) {
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ];
  }
  const common = commonLengths(left, right);
  const changes: Change[] = [];
  for (let [i, j] = [0, 0]; i < left.length || j < right.length; ) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      push(changes, 'same', left[i++] ?? '');
      j += 1;
    } else if (j >= right.length || (i < left.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      push(changes, 'removed', left[i++] ?? '');
    } else {
      push(changes, 'added', right[j++] ?? '');
    }
  }
  return changes;
}

const wordsOf = (text: string): readonly string[] => text.match(/"[^"]*"|[\w.]+|\s+|[^\w\s]/g) ?? [];

const at = (lengths: readonly Uint16Array[], i: number, j: number): number => lengths[i]?.[j] ?? 0;

/** Of the rests from each pair of places on. */
function commonLengths(left: readonly string[], right: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const row = lengths[i] as Uint16Array;
      row[j] =
        left[i] === right[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

function push(changes: Change[], kind: Change['kind'], text: string): void {
  const last = changes.at(-1);
  if (last?.kind === kind) changes[changes.length - 1] = { kind, text: last.text + text };
  else changes.push({ kind, text });
}
