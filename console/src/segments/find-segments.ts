/** Which segments a view, a search and a tag leave, in which order. Search reads the rule too. */
import type { SegmentDefinitionResource } from '#shared/api/segment-definitions.ts';
import { type ListSearch, SORT_DEFAULT, type SortColumn, type View } from './list-search.ts';
import type { ProblemsById } from './problems.ts';

export type Segment = SegmentDefinitionResource;

const fold = (text: string) => text.normalize('NFC').toLowerCase();

/** Folded once for each definition that was read: of thousands that is most of what a search takes. */
const TEXTS = new WeakMap<Segment, string>();

function textOf(segment: Segment): string {
  const known = TEXTS.get(segment);
  if (known !== undefined) return known;
  const { name, description = '', folder = '', tags, labels, expression } = segment;
  const text = fold([name, description, folder, ...tags, ...labels, expression.value].join('\n'));
  TEXTS.set(segment, text);
  return text;
}

const NO_PROBLEMS: ProblemsById = new Map();

const isInView = ({ id, lifecycleState }: Segment, view: View, problems: ProblemsById): boolean =>
  view === 'all' ||
  (view === 'problems' && problems.has(id)) ||
  lifecycleState === view ||
  (view === 'other' && lifecycleState !== 'published' && lifecycleState !== 'draft');

export const countIn = (segments: readonly Segment[], view: View, problems: ProblemsById): number =>
  segments.filter((segment) => isInView(segment, view, problems)).length;

export const tagsOf = (segments: readonly Segment[]): readonly string[] =>
  [...new Set(segments.flatMap(({ tags }) => tags))].sort();

export const foldersOf = (segments: readonly Segment[]): readonly string[] =>
  [...new Set(segments.flatMap(({ folder }) => (folder === undefined ? [] : within(folder))))].sort();

/** The folder, and those that it lies in. */
const within = (folder: string): readonly string[] => {
  const names = folder.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
};

const isWanted = (
  segment: Segment,
  { state = 'all', tag, folder, runs }: ListSearch,
  problems: ProblemsById,
): boolean =>
  isInView(segment, state, problems) &&
  (tag === undefined || segment.tags.includes(tag)) &&
  (folder === undefined || segment.folder === folder || segment.folder?.startsWith(`${folder}/`) === true) &&
  (runs === undefined || classOf(segment) === runs);

export function findSegments(
  segments: readonly Segment[],
  search: ListSearch,
  collator: Intl.Collator,
  problems: ProblemsById = NO_PROBLEMS,
): readonly Segment[] {
  const { q = '', sort = SORT_DEFAULT } = search;
  const words = fold(q).split(/\s+/).filter(Boolean);
  const found = segments.filter((segment) => {
    if (!isWanted(segment, search, problems)) return false;
    const text = words.length === 0 ? '' : textOf(segment);
    return words.every((word) => text.includes(word));
  });
  const [column, order] = sort.split(':') as [SortColumn, 'asc' | 'desc'];
  const sign = order === 'asc' ? 1 : -1;
  return found.toSorted(
    (left, right) =>
      sign * compareBy(column, left, right, collator) ||
      collator.compare(left.name, right.name) ||
      (left.id < right.id ? -1 : 1),
  );
}

function compareBy(column: SortColumn, left: Segment, right: Segment, collator: Intl.Collator): number {
  switch (column) {
    case 'name':
      return collator.compare(left.name, right.name);
    case 'people':
      return (left.size?.members ?? -1) - (right.size?.members ?? -1);
    case 'state':
      return collator.compare(left.lifecycleState, right.lifecycleState);
    case 'runs':
      return collator.compare(classOf(left), classOf(right));
    case 'edited':
      return left.updateTime - right.updateTime;
  }
}

export const classOf = ({ evaluationInfo }: Segment) => evaluationInfo.continuous.evaluationClass;
