/** The five steps of describing a model, with the data looked at while one types. */
import { type ReactNode, useId } from 'react';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import { DataCheckCard } from './DataCheckCard.tsx';
import type { DraftProps } from './draft-model.ts';
import { InputsCard, ScheduleCard } from './InputCards.tsx';
import { usePropensityMessages } from './use-propensity-messages.ts';

interface FormProps extends DraftProps {
  readonly title: string;
  readonly onSubmit: () => void;
  readonly error: Error | null;
  /** What is pressed at the end. */
  readonly children: ReactNode;
}

export function WizardForm({ title, draft, onChange, onSubmit, error, children }: FormProps) {
  const { wizard: words } = usePropensityMessages();
  return (
    <form
      className="wizard"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <GoalCard draft={draft} onChange={onChange} />
      <Card title={words.people}>
        <TextBox
          label={words.eligible}
          about={words.eligibleAbout}
          value={draft.eligible}
          onChange={(eligible) => onChange({ eligible })}
          code
        />
      </Card>
      <InputsCard draft={draft} onChange={onChange} />
      <ScheduleCard draft={draft} onChange={onChange} />
      <DataCheckCard draft={draft} />
      {error !== null && <FailureNotice error={error} />}
      <div className="line">{children}</div>
    </form>
  );
}

function GoalCard({ draft, onChange }: DraftProps) {
  const { wizard: words } = usePropensityMessages();
  return (
    <Card title={words.goal}>
      <TextBox label={words.name} value={draft.name} onChange={(name) => onChange({ name })} required />
      <GoalChoices draft={draft} onChange={onChange} />
      <Conditions draft={draft} onChange={onChange} />
    </Card>
  );
}

function GoalChoices({ draft, onChange }: DraftProps) {
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

function Conditions({ draft: { conditions }, onChange }: DraftProps) {
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
