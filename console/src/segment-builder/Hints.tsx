/** Under the rule: what may not be meant so, in a sentence, with a way out to press. */
import { useMemo } from 'react';
import { useSpeech } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useTools } from './builder-context.tsx';
import type { Effect } from './effects.ts';
import { type Counted, type Fix, type Hint, hintsOf } from './hints.ts';
import { findNode, type Group, type Id, type Path, type Scope, scopeOf, walk } from './model.ts';
import { sentenceOf } from './sentence.ts';
import type { Preview } from './use-preview.ts';

interface Props {
  readonly root: Group;
  readonly effects: ReadonlyMap<Id, Effect>;
  /** Of this very rule; absent while it is being counted. */
  readonly preview: Preview | undefined;
}

/** More would be no help. */
const SHOWN_MAX = 4;

export function Hints({ root, effects, preview }: Props) {
  const builder = useBuilderMessages();
  const { vocabulary, readOnly } = useTools();
  const hints = useMemo(
    () => hintsOf(root, vocabulary, countedBy(preview, effects)).slice(0, SHOWN_MAX),
    [root, vocabulary, preview, effects],
  );
  if (hints.length === 0) return null;
  return (
    <section className="hints" aria-label={builder.panel.hints}>
      <ul>
        {hints.map((hint) => (
          <li key={`${hint.kind}:${hint.row}:${hint.kind === 'unseen' ? hint.value : ''}`} className="hint">
            <Icon name="warning" />
            <HintWords hint={hint} root={root} />
            {!readOnly && hint.fixes.map((fix) => <FixButton key={`${fix.kind}:${fix.value}`} fix={fix} />)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function countedBy(preview: Preview | undefined, effects: ReadonlyMap<Id, Effect>): Counted | undefined {
  const estimate = preview?.estimate;
  if (estimate === undefined || !estimate.exact || preview?.error !== undefined) return undefined;
  return { effects, size: estimate.estimatedSize, total: estimate.totalRows };
}

function HintWords({ hint, root }: { readonly hint: Hint; readonly root: Group }) {
  const { hints } = useBuilderMessages();
  const { dispatch, vocabulary } = useTools();
  const { number, list } = useSpeech();
  const sentence = useSentences(root);
  const field = (path: Path, scope: Scope) => vocabulary.names.field(path, scope);
  const words = (): string => {
    switch (hint.kind) {
      case 'unseen':
        return hints.unseen(field(hint.path, hint.scope), hint.value);
      case 'anyIsNot':
        return hints.anyIsNot(field(hint.path, hint.scope));
      case 'twoValues':
        return hints.twoValues(field(hint.path, hint.scope), list(hint.values));
      case 'contradiction':
        return hints.contradiction(sentence(hint.other), sentence(hint.row));
      case 'keepsEverybody':
        return hints.keepsEverybody(sentence(hint.row));
      case 'dropsEverybody':
        return hints.dropsEverybody(sentence(hint.row), number(hint.people));
      case 'reachesNobody':
        return hints.reachesNobody(sentence(hint.row));
    }
  };
  return (
    <button type="button" className="hint-words" onClick={() => dispatch({ type: 'focus', id: hint.row, call: true })}>
      {words()}
    </button>
  );
}

function useSentences(root: Group): (id: Id) => string {
  const { wording } = useTools();
  return (id) => {
    const node = findNode(root, id);
    if (node === undefined) return '';
    const parent = [...walk(root)].find((each) => each.kind === 'group' && each.children.includes(node));
    return sentenceOf(node, (parent && scopeOf(root, parent.id)) ?? 'profile', wording);
  };
}

function FixButton({ fix }: { readonly fix: Fix }) {
  const { hints } = useBuilderMessages();
  const { change } = useTools();
  const label = fix.kind === 'use' ? hints.use(fix.value ?? '') : hints.fixes[fix.kind];
  return <Button size="small" label={label} onPress={() => change(fix.edit)} />;
}
