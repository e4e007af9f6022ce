/** Below the number: what each row does to it, who they are, how the rule runs and what that takes. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../app/surroundings.tsx';
import { useSpeech } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { useTools } from './builder-context.tsx';
import type { CompiledRule } from './compile-rule.ts';
import type { Effect } from './effects.ts';
import type { Group, Id } from './model.ts';
import { sentenceOf } from './sentence.ts';
import { share } from './share.ts';
import type { Preview } from './use-preview.ts';

interface Props {
  readonly root: Group;
  readonly preview: Preview;
  readonly effects: ReadonlyMap<Id, Effect>;
  readonly compiled: CompiledRule | undefined;
}

export function PanelDetails({ root, preview, effects, compiled }: Props) {
  return (
    <>
      <Funnel root={root} effects={effects} total={preview.estimate?.totalRows} />
      <Sample preview={preview} />
      <Runs compiled={compiled} />
    </>
  );
}

interface FunnelProps {
  readonly root: Group;
  readonly effects: ReadonlyMap<Id, Effect>;
  readonly total: number | undefined;
}

/** Where people are lost, row by row: only rows that must all hold stand in a row. */
function Funnel({ root, effects, total }: FunnelProps) {
  const builder = useBuilderMessages();
  const { number } = useSpeech();
  const { wording } = useTools();
  const rows = root.children.flatMap((node) => {
    const keeps = effects.get(node.id)?.keeps;
    return keeps === undefined ? [] : [{ id: node.id, name: sentenceOf(node, 'profile', wording), keeps }];
  });
  if (root.mode !== 'all' || rows.length === 0 || total === undefined) return null;
  const all = [{ id: 'everyone', name: builder.panel.everyone, keeps: total }, ...rows];
  return (
    <section className="panel-part">
      <h2>{builder.panel.keeps}</h2>
      <ol className="funnel">
        {all.map(({ id, name, keeps }) => (
          <li key={id}>
            <span className="funnel-name" title={name}>
              {name}
            </span>
            <span>{number(keeps)}</span>
            <span className="funnel-bar" style={{ width: `${share(keeps, total)}%` }} />
          </li>
        ))}
      </ol>
    </section>
  );
}

const SAMPLE = 5;

function Sample({ preview }: { readonly preview: Preview }) {
  const builder = useBuilderMessages();
  const api = useApi();
  const [offset, setOffset] = useState(0);
  const { previewId, isCounting, estimate } = preview;
  const isKnown = previewId !== undefined && !isCounting && (estimate?.estimatedSize ?? 0) > 0;
  const page = useQuery({
    queryKey: ['preview', previewId, offset],
    queryFn: ({ signal }) => api.samplePreview(previewId ?? '', { offset, limit: SAMPLE }, signal),
    enabled: isKnown,
    placeholderData: (before) => before,
  });
  if (estimate === undefined) return null;
  if (estimate.estimatedSize === 0) return isCounting ? null : <p className="muted">{builder.panel.nobody}</p>;
  const results = page.data?.results ?? [];
  const total = page.data?.page.totalCount ?? 0;
  return (
    <section className="panel-part">
      <div className="panel-head">
        <h2>{builder.panel.sample}</h2>
        {total > SAMPLE && (
          <Button
            look="quiet"
            size="small"
            label={builder.panel.another}
            onPress={() => setOffset((offset + SAMPLE) % total)}
          />
        )}
      </div>
      <ul className="sample">
        {results.map(({ objectId, relatedObjects: [first] }) => (
          <li key={objectId}>
            <span>{first?.objectId ?? objectId}</span>
            {first !== undefined && <span className="tag">{first.namespaceId}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Runs({ compiled }: { readonly compiled: CompiledRule | undefined }) {
  const builder = useBuilderMessages();
  const { number } = useSpeech();
  const plan = compiled?.plan;
  if (plan === undefined) return null;
  return (
    <section className="panel-part">
      <h2>{builder.panel.runs}</h2>
      <p>{builder.panel.runsAs[plan.evaluationClass]}</p>
      <details>
        <summary>{builder.panel.why}</summary>
        <ul className="reasons small-text muted" lang="en">
          {plan.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </details>
      <p className="small-text muted">{builder.panel.state(number(plan.stateBytes))}</p>
    </section>
  );
}
