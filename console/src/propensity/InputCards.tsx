import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import type { DraftEvent, DraftProps } from './draft-model.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

const CUSTOM_EVENTS_MAX = 20;

export function InputsCard({ draft, onChange }: DraftProps) {
  const { wizard: words } = usePropensityMessages();
  return (
    <Card title={words.inputs}>
      <TextBox
        label={words.attributes}
        about={words.attributesAbout}
        value={draft.attributes}
        onChange={(attributes) => onChange({ attributes })}
        code
      />
      <CustomEvents draft={draft} onChange={onChange} />
      <TextBox
        label={words.excluded}
        about={words.excludedAbout}
        value={draft.excluded}
        onChange={(excluded) => onChange({ excluded })}
        code
      />
    </Card>
  );
}

function CustomEvents({ draft: { customEvents }, onChange }: DraftProps) {
  const { wizard: words } = usePropensityMessages();
  const put = (index: number, event: DraftEvent, next: Partial<DraftEvent>) =>
    onChange({ customEvents: customEvents.with(index, { ...event, ...next }) });
  return (
    <fieldset className="stack custom-events">
      <legend>{words.customTitle}</legend>
      <p className="about">{words.customAbout}</p>
      {customEvents.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an event is its place
        <div key={index} className="custom-event">
          <TextBox
            label={words.customName(index + 1)}
            value={event.name}
            onChange={(name) => put(index, event, { name })}
          />
          <TextBox
            label={words.customCondition(index + 1)}
            value={event.condition}
            onChange={(condition) => put(index, event, { condition })}
            code
          />
          <Button
            look="quiet"
            icon="trash"
            aria-label={words.removeCustom(index + 1)}
            onPress={() => onChange({ customEvents: customEvents.toSpliced(index, 1) })}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon="plus"
          label={words.addCustom}
          isDisabled={customEvents.length >= CUSTOM_EVENTS_MAX}
          onPress={() => onChange({ customEvents: [...customEvents, { name: '', condition: '', amounts: [] }] })}
        />
      </div>
    </fieldset>
  );
}

export function ScheduleCard({ draft, onChange }: DraftProps) {
  const { wizard: words } = usePropensityMessages();
  return (
    <Card title={words.schedule}>
      <TextBox
        label={words.cron}
        about={words.cronAbout}
        value={draft.cron}
        onChange={(cron) => onChange({ cron })}
        code
      />
      <TextBox
        label={words.trainingCron}
        about={words.trainingCronAbout}
        value={draft.trainingCron}
        onChange={(trainingCron) => onChange({ trainingCron })}
        code
      />
      <TextBox
        label={words.timeZone}
        about={words.timeZoneAbout}
        value={draft.timeZone}
        onChange={(timeZone) => onChange({ timeZone })}
      />
    </Card>
  );
}
