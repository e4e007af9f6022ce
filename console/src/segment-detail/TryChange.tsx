/** Supposes an event or a value: asked of the service, stored nowhere. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../app/surroundings.tsx';
import { Button } from '../ui/Button.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import { type Given, supposedOf } from './suppositions.ts';
import { useDetailMessages } from './use-detail-messages.ts';
import type { Supposed } from './use-segment.ts';

interface Props {
  readonly supposed: Supposed | undefined;
  readonly onSuppose: (supposed: Supposed | undefined) => void;
}

const NOTHING: Given = { eventType: '', path: '', value: '' };

export function TryChange({ supposed, onSuppose }: Props) {
  const { explain } = useDetailMessages();
  const api = useApi();
  const types = useQuery({ queryKey: ['eventTypes'], queryFn: ({ signal }) => api.listEventTypes(signal) });
  const [given, setGiven] = useState(NOTHING);
  const give = (change: Partial<Given>) => setGiven((before) => ({ ...before, ...change }));
  const next = supposedOf(given);
  return (
    <form
      className="stack"
      aria-label={explain.tryTitle}
      onSubmit={(event) => {
        event.preventDefault();
        onSuppose(next);
      }}
    >
      <p className="muted">{explain.tryWhat}</p>
      <div className="try">
        <TextBox
          label={explain.event}
          placeholder={explain.eventHint}
          value={given.eventType}
          onChange={(eventType) => give({ eventType })}
          choices={types.data?.eventTypes.map(({ eventType }) => eventType) ?? []}
        />
        <TextBox
          label={explain.attribute}
          placeholder={explain.attributeHint}
          value={given.path}
          onChange={(path) => give({ path })}
        />
        <TextBox label={explain.valueHint} value={given.value} onChange={(value) => give({ value })} />
      </div>
      <div className="line">
        <Button type="submit" look="primary" label={explain.try} isDisabled={next === undefined} />
        {supposed !== undefined && <Button label={explain.undo} onPress={() => onSuppose(undefined)} />}
      </div>
      {supposed !== undefined && (
        <p className="small-text">
          {explain.supposed} <code>{JSON.stringify(supposed)}</code>
        </p>
      )}
    </form>
  );
}
