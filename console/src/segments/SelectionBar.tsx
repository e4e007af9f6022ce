/** What can be done with the selected segments. Each is changed by itself: what was refused is named, the rest is done. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import type { ApiClient } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { tell } from '../ui/toasts.tsx';
import type { Segment } from './find-segments.ts';

const DeleteDialog = lazy(async () => ({ default: (await import('./DeleteDialog.tsx')).DeleteDialog }));

type Change =
  | { readonly kind: 'evaluate' }
  | { readonly kind: 'publish' | 'deactivate' | 'delete' }
  | { readonly kind: 'tag' | 'move'; readonly text: string };
type Kind = Change['kind'];

interface Props {
  readonly selected: readonly Segment[];
  readonly onClear: () => void;
  readonly onChanged: () => void;
}

type OwnChange = Exclude<Change, { readonly kind: 'evaluate' }>;

function applied(api: ApiClient, change: OwnChange, { id, version, tags }: Segment): Promise<unknown> {
  const patch = (body: Parameters<ApiClient['changeSegment']>[1]) => api.changeSegment(id, body, `"${version}"`);
  switch (change.kind) {
    case 'delete':
      return api.deleteSegment(id);
    case 'tag':
      return patch({ tags: [...new Set([...tags, change.text])] });
    case 'move':
      return patch({ folder: change.text === '' ? null : change.text });
    default:
      return patch({ lifecycleState: change.kind === 'publish' ? 'published' : 'inactive' });
  }
}

const AT_ONCE = ['publish', 'deactivate', 'evaluate'] as const;
const ASKING = ['tag', 'move', 'delete'] as const;
type Asking = (typeof ASKING)[number];

export function SelectionBar({ selected, onClear, onChanged }: Props) {
  const { list } = useMessages();
  const [asking, setAsking] = useState<Asking>();
  const { mutate, isPending } = useSelectionChange(selected, onClear, onChanged);
  const answer = (change: Change) => {
    setAsking(undefined);
    mutate(change);
  };
  const close = () => setAsking(undefined);
  return (
    <div className="selection-bar">
      <span role="status">{list.selected(selected.length)}</span>
      {AT_ONCE.map((kind) => (
        <Button
          key={kind}
          size="small"
          label={list.actions[kind]}
          isDisabled={isPending}
          onPress={() => mutate({ kind })}
        />
      ))}
      {ASKING.map((kind) => (
        <Button
          key={kind}
          size="small"
          {...(kind === 'delete' ? { look: 'danger' as const } : {})}
          label={list.actions[kind]}
          isDisabled={isPending}
          onPress={() => setAsking(kind)}
        />
      ))}
      <Button size="small" look="quiet" icon="close" aria-label={list.clear} onPress={onClear} />
      {asking === 'delete' && (
        <Suspense>
          <DeleteDialog selected={selected} onClose={close} onDelete={() => answer({ kind: 'delete' })} />
        </Suspense>
      )}
      {(asking === 'tag' || asking === 'move') && (
        <TextDialog kind={asking} onClose={close} onText={(text) => answer({ kind: asking, text })} />
      )}
    </div>
  );
}

function useSelectionChange(selected: readonly Segment[], onClear: () => void, onChanged: () => void) {
  const api = useApi();
  const { list } = useMessages();
  return useMutation({
    mutationFn: async (change: Change) => ({ kind: change.kind, outcomes: await changeAll(api, change, selected) }),
    onSuccess: ({
      kind,
      outcomes,
    }: {
      readonly kind: Kind;
      readonly outcomes: readonly PromiseSettledResult<unknown>[];
    }) => {
      const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
      if (done > 0) tell({ text: list.done[kind](done) });
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') continue;
        tell({ text: list.refused(selected[index]?.name ?? '', (outcome.reason as Error).message) });
      }
      onClear();
      onChanged();
    },
  });
}

/** Evaluating is one job over all of them: everybody is read once. */
async function changeAll(api: ApiClient, change: Change, selected: readonly Segment[]) {
  if (change.kind !== 'evaluate') return Promise.allSettled(selected.map((segment) => applied(api, change, segment)));
  const body = selected.map(({ id }) => ({ segmentId: id }));
  const started = api.request('POST', '/segment/jobs', { body });
  return Promise.allSettled(selected.map(() => started));
}

interface TextProps {
  readonly kind: 'tag' | 'move';
  readonly onClose: () => void;
  readonly onText: (text: string) => void;
}

function TextDialog({ kind, onClose, onText }: TextProps) {
  const { app, list } = useMessages();
  const [text, setText] = useState('');
  const words = list.ask[kind];
  const isReady = kind === 'move' || text.trim() !== '';
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (isReady) onText(text.trim());
  };
  return (
    <Dialog
      title={words.title}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button label={app.cancel} onPress={onClose} />
          <Button look="primary" label={words.confirm} isDisabled={!isReady} onPress={() => send()} />
        </>
      }
    >
      <form onSubmit={send}>
        <label className="text-line">
          {words.label}
          <input autoFocus value={text} onChange={({ target }) => setText(target.value)} />
        </label>
      </form>
    </Dialog>
  );
}
