/** What the rule comes to: first how many people, and below it all else that is known. */
import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Icon } from '../ui/Icon.tsx';
import type { CompiledRule } from './compile-rule.ts';
import type { Effect } from './effects.ts';
import type { Group, Id } from './model.ts';
import { share } from './share.ts';
import type { Preview } from './use-preview.ts';

const PanelDetails = lazy(async () => ({ default: (await import('./PanelDetails.tsx')).PanelDetails }));

interface Props {
  readonly root: Group;
  readonly preview: Preview;
  readonly effects: ReadonlyMap<Id, Effect>;
  readonly compiled: CompiledRule | undefined;
  readonly unfinished: number;
  /** Below the rule, with the number alone until somebody asks for more. */
  readonly isBar: boolean;
}

export function Panel({ isBar, ...props }: Props) {
  const builder = useBuilderMessages();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={isBar ? 'panel as-bar' : 'panel'} aria-label={builder.panel.title}>
      {isBar && <BarSummary preview={props.preview} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />}
      {(!isBar || isOpen) && <Content {...props} />}
    </section>
  );
}

interface BarProps {
  readonly preview: Preview;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function BarSummary({ preview: { estimate, isCounting }, isOpen, onToggle }: BarProps) {
  const builder = useBuilderMessages();
  const { number, percent } = useSpeech();
  const words = () => {
    if (estimate === undefined) return isCounting ? builder.panel.counting : builder.panel.title;
    const { estimatedSize: size, exact, totalRows } = estimate;
    const share = totalRows === 0 ? '' : ` · ${builder.panel.share(percent(size / totalRows, 1))}`;
    return builder.panel.sized(exact ? number(size) : builder.panel.estimate(size), size) + share;
  };
  return (
    <button
      type="button"
      className={isCounting ? 'panel-summary old' : 'panel-summary'}
      aria-expanded={isOpen}
      onClick={onToggle}
    >
      <strong>{words()}</strong>
      <span className="muted">{isOpen ? builder.panel.less : builder.panel.more}</span>
      <Icon name="chevron" />
    </button>
  );
}

function Content({ root, preview, effects, compiled, unfinished }: Omit<Props, 'isBar'>) {
  const builder = useBuilderMessages();
  return (
    <div className="panel-content">
      <Size preview={preview} hasRule={compiled !== undefined} />
      {unfinished > 0 && <p className="small-text warn-text">{builder.canvas.notCounted(unfinished)}</p>}
      <Suspense>
        <PanelDetails root={root} preview={preview} effects={effects} compiled={compiled} />
      </Suspense>
    </div>
  );
}

function Size({ preview, hasRule }: { readonly preview: Preview; readonly hasRule: boolean }) {
  const builder = useBuilderMessages();
  const { number, dateTime } = useSpeech();
  const { estimate, isCounting, error, at } = preview;
  if (estimate === undefined) {
    const text =
      error !== undefined
        ? builder.panel.unavailable
        : isCounting && hasRule
          ? builder.panel.counting
          : builder.panel.waiting;
    return <p className="size-none muted">{text}</p>;
  }
  const { estimatedSize: size, exact, totalRows, profilesReadSoFar } = estimate;
  const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <div className={isCounting || error !== undefined ? 'size old' : 'size'}>
      <p className="size-number">
        {exact ? number(size) : builder.panel.estimate(size)}
        {!exact && (
          <span className="margin">{builder.panel.margin(Math.max(size - estimate.low, estimate.high - size))}</span>
        )}
      </p>
      <div className="size-bar" aria-hidden="true">
        <span className="size-fill" style={{ width: `${share(size, totalRows)}%` }} />
        {!exact && (
          <span
            className="size-error"
            style={{
              left: `${share(estimate.low, totalRows)}%`,
              width: `${share(estimate.high - estimate.low, totalRows)}%`,
            }}
          />
        )}
      </div>
      <p className="small-text muted">
        {totalRows > 0 && `${builder.panel.share(percent.format(size / totalRows))} · `}
        {exact ? builder.panel.exact : builder.panel.from(profilesReadSoFar, totalRows)}
        {error !== undefined && ` · ${builder.panel.asOf(dateTime(at))}`}
      </p>
      <span className={isCounting ? 'progress on' : 'progress'} aria-hidden="true" />
    </div>
  );
}
