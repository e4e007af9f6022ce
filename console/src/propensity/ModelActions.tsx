/** What is done to a model as a whole: edited, copied, paused, deleted. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { PropensityInstanceResource } from '#shared/api/propensity.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePermissions } from '../app/use-permissions.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { tell } from '../ui/toasts.tsx';
import { instanceIdOf } from './model-reading.ts';
import { pathOf, useModelChange } from './use-propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

interface Props {
  readonly model: PropensityInstanceResource;
}

export function ModelActions({ model }: Props) {
  const words = usePropensityMessages();
  const can = usePermissions();
  const { mutate } = useModelChange(model.id);
  const clone = useClone(model);
  const [asksToDelete, setAsksToDelete] = useState(false);
  const isActive = model.state === 'active';
  const state = isActive ? 'draft' : 'active';
  const change = () => mutate({ method: 'PATCH', body: { state }, told: isActive ? words.paused : words.activated });
  return (
    <>
      {can('patchPropensityInstance') && (
        <PageLink to="/propensity/$id/edit" params={{ id: model.id }} label={words.edit} />
      )}
      <Menu label={words.more} trigger={<Button icon="more" aria-label={words.more} />}>
        <MenuItem
          label={isActive ? words.pause : words.activate}
          isDisabled={!can('patchPropensityInstance')}
          onAction={change}
        />
        <MenuItem label={words.clone} isDisabled={!can('clonePropensityInstance')} onAction={() => clone()} />
        <MenuItem
          label={words.remove}
          danger
          isDisabled={!can('deletePropensityInstance')}
          onAction={() => setAsksToDelete(true)}
        />
      </Menu>
      {asksToDelete && <DeleteModel model={model} onClose={() => setAsksToDelete(false)} />}
    </>
  );
}

function useClone({ id, displayName }: PropensityInstanceResource): () => void {
  const words = usePropensityMessages();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { mutate } = useMutation({
    mutationFn: () => {
      const name = words.copyOf(displayName);
      const body = { id: instanceIdOf(displayName, crypto.randomUUID().slice(0, 4)), displayName: name };
      return api.request<PropensityInstanceResource>('POST', `${pathOf(id)}/clone`, { body });
    },
    onSuccess: (made) => {
      tell({ text: words.cloned(made.displayName) });
      void queries.invalidateQueries({ queryKey: ['propensity'] });
      void navigate({ to: '/propensity/$id', params: { id: made.id }, search: { tab: 'settings' } });
    },
    onError: (error) => tell({ text: error.message }),
  });
  return mutate;
}

function DeleteModel({ model: { id, displayName }, onClose }: Props & { readonly onClose: () => void }) {
  const words = usePropensityMessages();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { mutate, isPending } = useMutation({
    mutationFn: () => api.request('DELETE', pathOf(id)),
    onSuccess: async () => {
      tell({ text: words.removed(displayName) });
      await navigate({ to: '/propensity' });
      queries.removeQueries({ queryKey: ['propensity', id] });
      void queries.invalidateQueries({ queryKey: ['propensity'], exact: true });
    },
    onError: (error) => {
      tell({ text: error.message });
      onClose();
    },
  });
  return (
    <Dialog
      role="alertdialog"
      title={words.removeTitle(displayName)}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button label={words.keep} onPress={onClose} />
          <Button look="danger" label={words.remove} isDisabled={isPending} onPress={() => mutate()} />
        </>
      }
    >
      <p>{words.removeWhat}</p>
    </Dialog>
  );
}
