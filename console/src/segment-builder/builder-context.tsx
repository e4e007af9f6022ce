/** What every part of the builder is given. The rule itself is handed down: a row is drawn anew only if it changed. */
import { createContext, type Dispatch, use } from 'react';
import type { Action, Edit } from './builder-state.ts';
import type { Effect } from './effects.ts';
import type { Group, Id } from './model.ts';
import type { Wording } from './sentence.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface BuilderTools {
  readonly dispatch: Dispatch<Action>;
  readonly vocabulary: Vocabulary;
  readonly wording: Wording;
  readonly readOnly: boolean;
  /** The rule at the moment of asking, for what happens later than drawing. */
  readonly root: () => Group;
  /** The row that has the focus, or had it last. */
  readonly focus: () => Id;
  /** Changes the rule; with `focus` the row of that id has the focus then. */
  change(edit: Edit, options?: { readonly focus?: Id; readonly key?: string }): void;
  /** Said once by a screen reader. */
  say(text: string): void;
}

const ToolsContext = createContext<BuilderTools | undefined>(undefined);
export const BuilderToolsProvider = ToolsContext;

export function useTools(): BuilderTools {
  const tools = use(ToolsContext);
  if (tools === undefined) throw new Error('a part of the builder stands outside of it');
  return tools;
}

/** Apart from the tools: figures arrive often, and only what shows them is drawn anew. */
const EffectsContext = createContext<ReadonlyMap<Id, Effect>>(new Map());
export const EffectsProvider = EffectsContext;
export const useEffects = (): ReadonlyMap<Id, Effect> => use(EffectsContext);

interface Cursor {
  readonly focus: Id;
  readonly selection: ReadonlySet<Id>;
}
const CursorContext = createContext<Cursor>({ focus: '', selection: new Set() });
export const CursorProvider = CursorContext;
export const useCursor = (): Cursor => use(CursorContext);

/** Whether the reader stepped into the row: only then are its slots stops of the Tab key. */
const EditingContext = createContext(false);
export const EditingProvider = EditingContext;
export const useIsEditing = (): boolean => use(EditingContext);

/** Shows a group by itself, as if it were the whole rule. */
const OwnViewContext = createContext<(id: Id) => void>(() => {});
export const OwnViewProvider = OwnViewContext;
export const useOwnView = (): ((id: Id) => void) => use(OwnViewContext);
