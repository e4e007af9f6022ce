/** Which definitions a list or a search asks for, told from their entries. */
import { enabledMethods } from '#shared/api/evaluation-info.ts';
import type { ListSegmentDefinitions } from '#shared/api/segment-definitions.ts';
import type { SegmentEntry } from '#shared/segment/segment-entry.ts';

type Wanted = Omit<ListSegmentDefinitions, 'start' | 'page' | 'limit' | 'sort'>;

const METHODS = ['batch', 'continuous', 'synchronous'] as const;

export function wantedBy(query: Wanted): (entry: SegmentEntry) => boolean {
  const { lifecycleState, folder, tag, search = '' } = query;
  const words = wordsOf(search);
  return (entry) =>
    METHODS.every((method) => {
      const wanted = query[`evaluationInfo.${method}.enabled`];
      return wanted === undefined || wanted === enabledMethods(entry.kind)[method];
    }) &&
    (lifecycleState === undefined || entry.lifecycleState === lifecycleState) &&
    (folder === undefined || isWithin(entry.folder, folder)) &&
    (tag === undefined || entry.tags.includes(tag)) &&
    (words.length === 0 || holdsAll(entry, words));
}

const isWithin = (folder: string | undefined, outer: string) =>
  folder === outer || (folder?.startsWith(`${outer}/`) ?? false);

export const wordsOf = (search: string): readonly string[] =>
  fold(search)
    .split(/\s+/)
    .filter((word) => word !== '');

/** Every word somewhere, as a part of a word or more: whoever types "run" means "Running shoes" too. */
export function holdsAll(entry: SegmentEntry, words: readonly string[]): boolean {
  const { name, description = '', folder = '', tags, text = '' } = entry;
  const all = fold([name, description, folder, ...tags, text].join('\n'));
  return words.every((word) => all.includes(word));
}

const fold = (text: string) => text.normalize('NFC').toLowerCase();
