/** A model's settings changed; its next training follows. */
import '../segments/segments.css';
import '../ui/parts.css';
import './propensity.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { PropensityInstanceResource } from '#shared/api/propensity.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePageTitle } from '../app/use-page-title.ts';
import { Button } from '../ui/Button.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { tell } from '../ui/toasts.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { changeOf, draftOf } from './draft-model.ts';
import { pathOf, useInstance } from './use-propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';
import { WizardForm } from './WizardForm.tsx';

export function EditPage() {
  const { id } = useParams({ from: '/propensity/$id/edit' });
  const { title } = usePropensityMessages();
  const { data, isPending, error, refetch } = useInstance(id);
  usePageTitle(data?.displayName ?? title);
  return (
    <div className="page">
      <PageLink to="/propensity/$id" params={{ id }} look="back" icon="left" label={data?.displayName ?? id} />
      {isPending && <Waiting />}
      {error !== null && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data !== undefined && <EditForm key={data.id} model={data} />}
    </div>
  );
}

function EditForm({ model }: { readonly model: PropensityInstanceResource }) {
  const { wizard: words } = usePropensityMessages();
  const [draft, setDraft] = useState(() => draftOf(model));
  const body = changeOf(draft);
  const { mutate, isPending, error } = useChange(model);
  return (
    <>
      <h1>{words.editTitle(model.displayName)}</h1>
      <WizardForm
        title={words.editTitle(model.displayName)}
        draft={draft}
        onChange={(next) => setDraft((before) => ({ ...before, ...next }))}
        onSubmit={() => mutate(body)}
        error={error}
      >
        <Button type="submit" look="primary" label={words.saveChanges} isDisabled={body === undefined || isPending} />
      </WizardForm>
    </>
  );
}

/** On condition that nobody else changed it since it was opened. */
function useChange({ id, version }: PropensityInstanceResource) {
  const { wizard: words } = usePropensityMessages();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [opened] = useState(version);
  return useMutation({
    mutationFn: (body: unknown) =>
      api.request<PropensityInstanceResource>('PATCH', pathOf(id), { body, ifMatch: `"${opened}"` }),
    onSuccess: ({ displayName }) => {
      tell({ text: words.saved(displayName) });
      void queries.invalidateQueries({ queryKey: ['propensity'] });
      void navigate({ to: '/propensity/$id', params: { id }, search: { tab: 'settings' } });
    },
  });
}
