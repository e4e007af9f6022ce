/** Describes a new model, and says while one types whether there is enough to learn from. */
import '../segments/segments.css';
import '../ui/parts.css';
import './propensity.css';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import type { PropensityInstanceResource } from '#shared/api/propensity.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePageTitle } from '../app/use-page-title.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import { tell } from '../ui/toasts.tsx';
import { DataCheckCard } from './DataCheckCard.tsx';
import { creationOf, type DraftModel, NEW_MODEL } from './draft-model.ts';
import { INSTANCES, pathOf } from './use-propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

export function WizardPage() {
  const { back, wizard: words } = usePropensityMessages();
  usePageTitle(words.title);
  const [draft, setDraft] = useState(NEW_MODEL);
  const change = (next: Partial<DraftModel>) => setDraft((before) => ({ ...before, ...next }));
  const { save, isPending, error, canSave } = useSave(draft);
  return (
    <div className="page">
      <PageLink to="/propensity" look="back" icon="left" label={back} />
      <h1>{words.title}</h1>
      <form
        className="wizard"
        aria-label={words.title}
        onSubmit={(event) => {
          event.preventDefault();
          save({ trains: true });
        }}
      >
        <GoalCard draft={draft} onChange={change} />
        <Card title={words.people}>
          <TextBox
            label={words.eligible}
            about={words.eligibleAbout}
            value={draft.eligible}
            onChange={(eligible) => change({ eligible })}
            code
          />
        </Card>
        <Card title={words.inputs}>
          <TextBox
            label={words.attributes}
            about={words.attributesAbout}
            value={draft.attributes}
            onChange={(attributes) => change({ attributes })}
            code
          />
        </Card>
        <Card title={words.schedule}>
          <TextBox
            label={words.cron}
            about={words.cronAbout}
            value={draft.cron}
            onChange={(cron) => change({ cron })}
            code
          />
        </Card>
        <DataCheckCard draft={draft} />
        {error !== null && <FailureNotice error={error} />}
        <div className="line">
          <Button type="submit" look="primary" label={words.start} isDisabled={!canSave || isPending} />
          <Button label={words.save} isDisabled={!canSave || isPending} onPress={() => save({ trains: false })} />
        </div>
      </form>
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

interface GoalProps {
  readonly draft: DraftModel;
  readonly onChange: (next: Partial<DraftModel>) => void;
}

function GoalCard({ draft, onChange }: GoalProps) {
  const { wizard: words } = usePropensityMessages();
  return (
    <Card title={words.goal}>
      <TextBox label={words.name} value={draft.name} onChange={(name) => onChange({ name })} required />
      <GoalChoices draft={draft} onChange={onChange} />
      <Conditions draft={draft} onChange={onChange} />
    </Card>
  );
}

function GoalChoices({ draft, onChange }: GoalProps) {
  const { types, wizard: words } = usePropensityMessages();
  return (
    <div className="line end">
      <Choice
        label={words.type}
        value={draft.type}
        choices={[
          ['conversion', types.conversion],
          ['churn', types.churn],
        ]}
        onChoose={(type) => onChange({ type })}
      />
      <Choice
        label={words.occurrence}
        value={draft.occurrence}
        choices={[
          ['will', words.will],
          ['willNot', words.willNot],
        ]}
        onChoose={(occurrence) => onChange({ occurrence })}
      />
      <Choice
        label={words.match}
        value={draft.match}
        choices={[
          ['any', words.any],
          ['all', words.all],
        ]}
        onChoose={(match) => onChange({ match })}
      />
      <TextBox
        label={words.window}
        type="number"
        min={1}
        max={365}
        value={draft.windowDays}
        onChange={(windowDays) => onChange({ windowDays })}
      />
    </div>
  );
}

function Conditions({ draft: { conditions }, onChange }: GoalProps) {
  const { wizard: words } = usePropensityMessages();
  const put = (index: number, text: string) => onChange({ conditions: conditions.with(index, text) });
  return (
    <>
      {conditions.map((condition, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a condition is its place
        <div key={index} className="condition">
          <TextBox
            label={words.condition}
            about={words.conditionAbout}
            value={condition}
            onChange={(text) => put(index, text)}
            code
          />
          {conditions.length > 1 && (
            <Button
              look="quiet"
              icon="trash"
              aria-label={words.removeCondition(index + 1)}
              onPress={() => onChange({ conditions: conditions.toSpliced(index, 1) })}
            />
          )}
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon="plus"
          label={words.addCondition}
          isDisabled={conditions.length >= 10}
          onPress={() => onChange({ conditions: [...conditions, ''] })}
        />
      </div>
    </>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [Value, ReactNode])[];
  readonly onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, choices, onChoose }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={({ target }) => onChoose(choices.find(([each]) => each === target.value)?.[0] ?? value)}
      >
        {choices.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
