/** What lists, searches and "used by" go through: a definition without what only its reader needs. */
import { fromJson, parse } from '#shared/pql/index.ts';
import type { SegmentDefinition, SegmentExpression } from './segment-definition.ts';

type Listed =
  | 'id'
  | 'name'
  | 'description'
  | 'folder'
  | 'tags'
  | 'kind'
  | 'origin'
  | 'lifecycleState'
  | 'version'
  | 'creationTime'
  | 'updateTime';

export type SegmentEntry = Pick<SegmentDefinition, Listed> & {
  /** The expression's beginning, for searches in it. */
  readonly text?: string;
  /** What stands in its `inSegment("…")`: ids or names. */
  readonly uses?: readonly string[];
};

/** A search finds what stands within it; a list of thousands has to fit a function's memory. */
export const ENTRY_TEXT_MAX = 4_000;

export function entryOf(definition: SegmentDefinition): SegmentEntry {
  const { id, name, description, folder, tags, kind, origin, lifecycleState, version } = definition;
  const { creationTime, updateTime } = definition;
  return {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    ...(folder === undefined ? {} : { folder }),
    tags,
    ...(kind === undefined ? {} : { kind }),
    ...(origin === undefined ? {} : { origin }),
    lifecycleState,
    version,
    creationTime,
    updateTime,
    text: definition.expression.value.slice(0, ENTRY_TEXT_MAX),
    uses: referencesOf(definition.expression),
  };
}

/** Every text that stands in an `inSegment` of it, as it is written. */
export function referencesOf({ format, value }: SegmentExpression): readonly string[] {
  return format === 'pql/text' ? referencesIn(value) : namesIn(treeOf(value));
}

/** The same of `pql/text`. */
export function referencesIn(expression: string): readonly string[] {
  const parsed = parse(expression);
  return parsed.ok ? namesIn(parsed.value) : [];
}

function treeOf(json: string): unknown {
  try {
    const tree = fromJson(JSON.parse(json));
    return tree.ok ? tree.value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const namesIn = (tree: unknown): readonly string[] => [...new Set(segmentNames(tree))];

function* segmentNames(node: unknown): Generator<string> {
  if (node === null || typeof node !== 'object') return;
  const { kind, fn, args } = node as { kind?: unknown; fn?: unknown; args?: readonly { value?: unknown }[] };
  if (kind === 'call' && fn === 'inSegment' && typeof args?.[0]?.value === 'string') yield args[0].value;
  for (const child of Object.values(node)) yield* segmentNames(child);
}
