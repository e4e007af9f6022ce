/** The rule in sentences, with what each condition does to the number. */
import { type ReactNode, useMemo } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { type Clause, type Effect, effectsOf } from '../segment-builder/effects.ts';
import { fromPql } from '../segment-builder/from-pql.ts';
import { countingIds, type Group, type Node } from '../segment-builder/model.ts';
import { sentenceOf, type Wording } from '../segment-builder/sentence.ts';
import { useVocabulary } from '../segment-builder/use-vocabulary.ts';
import type { Segment } from '../segments/find-segments.ts';
import { Card } from '../ui/Card.tsx';
import { useDetailMessages } from './use-detail-messages.ts';
import { useSegments } from './use-segment.ts';

const NONE: readonly Segment[] = [];

export function useWording(): Wording {
  const { sentence: words } = useBuilderMessages();
  const { names } = useVocabulary(useSegments().data ?? NONE);
  return useMemo(() => ({ words, names }), [words, names]);
}

interface Props {
  readonly segment: Segment;
  readonly clauses: readonly Clause[] | undefined;
}

export function RuleCard({ segment, clauses }: Props) {
  const { rule } = useDetailMessages();
  const { peopleWho } = useBuilderMessages().sentence;
  const wording = useWording();
  const text = segment.expression.format === 'pql/text' ? segment.expression.value : undefined;
  const root = useMemo(() => readRule(text), [text]);
  const effects = useMemo(
    () => (root === undefined || clauses === undefined ? new Map() : effectsOf(root, clauses)),
    [root, clauses],
  );
  return (
    <Card title={rule.title}>
      {root !== undefined && <GroupRows group={root} said={peopleWho[root.mode]} wording={wording} effects={effects} />}
      <details open={root === undefined}>
        <summary>{rule.pql}</summary>
        <pre className="code-block">{segment.expression.value}</pre>
      </details>
    </Card>
  );
}

function readRule(text: string | undefined): Group | undefined {
  if (text === undefined) return undefined;
  const read = fromPql(text, countingIds());
  return read.ok ? read.value : undefined;
}

interface RowsProps {
  /** What its rows are to be for. */
  readonly said: string;
  readonly group: Group;
  readonly wording: Wording;
  readonly effects: ReadonlyMap<string, Effect>;
}

function GroupRows({ group, said, wording, effects }: RowsProps): ReactNode {
  return (
    <div className="rule">
      <p className="muted">{said}</p>
      <ul className="rule-rows">
        {group.children.map((child) => (
          <li key={child.id}>
            {child.kind === 'group' ? (
              <GroupRows group={child} said={wording.words.meet[child.mode]} wording={wording} effects={effects} />
            ) : (
              <RuleRow node={child} wording={wording} effect={effects.get(child.id)} />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly node: Node;
  readonly wording: Wording;
  readonly effect: Effect | undefined;
}

function RuleRow({ node, wording, effect }: RowProps) {
  const { rule } = useDetailMessages();
  return (
    <div className="rule-row">
      {node.kind === 'code' ? <code>{node.text}</code> : <span>{sentenceOf(node, 'profile', wording)}</span>}
      {effect !== undefined && (
        <span className="small-text muted rule-effect">
          {[
            ...(effect.keeps === undefined ? [] : [rule.keeps(effect.keeps)]),
            ...(effect.alone === undefined || effect.alone === 0
              ? []
              : [effect.alone < 0 ? rule.drops(-effect.alone) : rule.adds(effect.alone)]),
          ].join(' · ')}
        </span>
      )}
    </div>
  );
}
