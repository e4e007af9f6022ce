/** What can be done with the selected segments. Each is changed by itself: what was refused is named, the rest is done. */
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { ApiClient } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { tell } from '../ui/toasts.tsx';
import type { Segment } from './find-segments.ts';

const DeleteDialog = lazy(async () => ({ default: (await import('./DeleteDialog.tsx')).DeleteDialog }));

type Action = 'publish' | 'deactivate' | 'delete';

interface Props {
  readonly selected: readonly Segment[];
  readonly onClear: () => void;
  readonly onChanged: () => void;
}

const applied = (api: ApiClient, action: Action, { id, version }: Segment): Promise<unknown> => {
  if (action === 'delete') return api.deleteSegment(id);
  return api.changeSegment(id, { lifecycleState: action === 'publish' ? 'published' : 'inactive' }, `"${version}"`);
};

export function SelectionBar({ selected, onClear, onChanged }: Props) {
  const { list } = useMessages();
  const [isDeleting, setDeleting] = useState(false);
  const { mutate, isPending } = useSelectionChange(selected, onClear, onChanged);
  if (selected.length === 0) return <div />;
  return (
    <div className="selection-bar">
      <span role="status">{list.selected(selected.length)}</span>
      <Button size="small" label={list.actions.publish} isDisabled={isPending} onPress={() => mutate('publish')} />
      <Button
        size="small"
        label={list.actions.deactivate}
        isDisabled={isPending}
        onPress={() => mutate('deactivate')}
      />
      <Button
        size="small"
        look="danger"
        label={list.actions.delete}
        isDisabled={isPending}
        onPress={() => setDeleting(true)}
      />
      <Button size="small" look="quiet" icon="close" aria-label={list.clear} onPress={onClear} />
      {isDeleting && (
        <Suspense>
          <DeleteDialog
            selected={selected}
            onClose={() => setDeleting(false)}
            onDelete={() => {
              setDeleting(false);
              mutate('delete');
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function useSelectionChange(selected: readonly Segment[], onClear: () => void, onChanged: () => void) {
  const api = useApi();
  const { list } = useMessages();
  return useMutation({
    mutationFn: async (action: Action) => {
      const outcomes = await Promise.allSettled(selected.map((segment) => applied(api, action, segment)));
      return { action, outcomes };
    },
    onSuccess: ({ action, outcomes }) => {
      const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
      if (done > 0) tell({ text: list.done[action](done) });
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') continue;
        tell({ text: list.refused(selected[index]?.name ?? '', (outcome.reason as Error).message) });
      }
      onClear();
      onChanged();
    },
  });
}
