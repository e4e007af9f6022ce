/** Above the rule: its name, how far it is saved, undo and redo, the view, and publishing. */
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { useMessages } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useTools } from './builder-context.tsx';
import { BUILDER_VIEWS, type BuilderView } from './builder-search.ts';
import type { DraftState } from './use-draft.ts';
import type { useDraftedRule } from './use-drafted-rule.ts';

const DiscardDraft = lazy(async () => ({ default: (await import('./DiscardDraft.tsx')).DiscardDraft }));

interface Props {
  readonly rule: ReturnType<typeof useDraftedRule>;
  readonly onPublish: () => void;
  readonly view: BuilderView;
  readonly onView: (view: BuilderView) => void;
}

export function BuilderBar({ rule, onPublish, view, onView }: Props) {
  const { name, segment, draft, discard } = rule;
  const { history } = rule.state;
  const builder = useBuilderMessages();
  const { list } = useMessages();
  const { dispatch, readOnly } = useTools();
  return (
    <div className="builder-bar">
      <Link to="/segments" className="back" aria-label={builder.back}>
        <Icon name="left" />
      </Link>
      <h1 className="visually-hidden">{name === '' ? builder.untitled : name}</h1>
      <input
        className="title-input"
        aria-label={builder.name}
        placeholder={builder.untitled}
        value={name}
        readOnly={readOnly}
        onChange={({ target }) => rule.setName(target.value)}
      />
      <span className="builder-state">
        {segment !== undefined && <span className="tag">{list.states[segment.lifecycleState]}</span>}
        <DraftWords draft={draft.state} />
        <Suspense>{discard !== undefined && <DiscardDraft onDiscard={discard} />}</Suspense>
      </span>
      <div className="builder-actions">
        <Button
          look="quiet"
          icon="undo"
          aria-label={builder.undo}
          isDisabled={history.past.length === 0}
          onPress={() => dispatch({ type: 'undo' })}
        />
        <Button
          look="quiet"
          icon="redo"
          aria-label={builder.redo}
          isDisabled={history.future.length === 0}
          onPress={() => dispatch({ type: 'redo' })}
        />
        <ViewSwitch view={view} onView={onView} />
        <Button look="primary" label={builder.publish} isDisabled={!rule.canPublish} onPress={onPublish} />
      </div>
    </div>
  );
}

function DraftWords({ draft }: { readonly draft: DraftState }) {
  const builder = useBuilderMessages();
  const words = () => {
    switch (draft.kind) {
      case 'unchanged':
        return '';
      case 'saving':
        return builder.saving;
      case 'local':
        return builder.onlyHere;
      case 'saved':
        return builder.saved(new Date(draft.at).toLocaleTimeString());
      case 'refused':
        return builder.publishing.notSaved(draft.why);
    }
  };
  return (
    <span className={draft.kind === 'refused' ? 'small-text bad-text' : 'small-text muted'} role="status">
      {words()}
    </span>
  );
}

function ViewSwitch({ view, onView }: Pick<Props, 'view' | 'onView'>) {
  const builder = useBuilderMessages();
  return (
    <ToggleButtonGroup
      aria-label={builder.views.label}
      className="switch"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[view]}
      onSelectionChange={(keys) => onView([...keys][0] as BuilderView)}
    >
      {BUILDER_VIEWS.map((each) => (
        <ToggleButton key={each} id={each} className="switch-part">
          {builder.views[each]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
