/** Describes a new model, and says while one types whether there is enough to learn from. */
import '../segments/segments.css';
import '../ui/parts.css';
import './propensity.css';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { PropensityInstanceResource } from '#shared/api/propensity.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePageTitle } from '../app/use-page-title.ts';
import { Button } from '../ui/Button.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { tell } from '../ui/toasts.tsx';
import { creationOf, type DraftModel, NEW_MODEL } from './draft-model.ts';
import { INSTANCES, pathOf } from './use-propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';
import { WizardForm } from './WizardForm.tsx';

export function WizardPage() {
  const { back, wizard: words } = usePropensityMessages();
  usePageTitle(words.title);
  const [draft, setDraft] = useState(NEW_MODEL);
  const { save, isPending, error, canSave } = useSave(draft);
  return (
    <div className="page">
      <PageLink to="/propensity" look="back" icon="left" label={back} />
      <h1>{words.title}</h1>
      <WizardForm
        title={words.title}
        draft={draft}
        onChange={(next) => setDraft((before) => ({ ...before, ...next }))}
        onSubmit={() => save({ trains: true })}
        error={error}
      >
        <Button type="submit" look="primary" label={words.start} isDisabled={!canSave || isPending} />
        <Button label={words.save} isDisabled={!canSave || isPending} onPress={() => save({ trains: false })} />
      </WizardForm>
    </div>
  );
}

function useSave(draft: DraftModel) {
  const { wizard: words } = usePropensityMessages();
  const api = useApi();
  const navigate = useNavigate();
  const [suffix] = useState(() => crypto.randomUUID().slice(0, 4));
  const body = creationOf(draft, suffix);
  const { mutate, isPending, error } = useMutation({
    mutationFn: async ({ trains }: { readonly trains: boolean }) => {
      const state = trains ? 'active' : 'draft';
      const made = await api.request<PropensityInstanceResource>('POST', INSTANCES, { body: { ...body, state } });
      if (trains) await api.request('POST', `${pathOf(made.id)}/runs`, { body: { kind: 'train' } });
      return made;
    },
    onSuccess: ({ id, displayName }) => {
      tell({ text: words.saved(displayName) });
      void navigate({ to: '/propensity/$id', params: { id } });
    },
  });
  return { save: mutate, isPending, error, canSave: body !== undefined };
}
