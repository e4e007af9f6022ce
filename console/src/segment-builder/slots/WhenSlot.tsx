/** One menu for every time constraint. */
import { lazy, Suspense } from 'react';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { useTools } from '../builder-context.tsx';
import type { Scope, When } from '../model.ts';
import { whenWords } from '../sentence.ts';
import { SlotPopover } from './SlotPopover.tsx';

const WhenForm = lazy(async () => ({ default: (await import('./WhenForm.tsx')).WhenForm }));

interface Props {
  readonly when: When | undefined;
  readonly scope?: Scope;
  /** Whether "at any time" is a choice. */
  readonly isOptional?: boolean;
  /** A range is two conditions, which not every place takes. */
  readonly takesRange?: boolean;
  readonly text?: string;
  readonly label?: string;
  readonly onChange: (when: When | undefined) => void;
}

export function WhenSlot({
  when,
  scope = 'event',
  isOptional = false,
  takesRange = true,
  text,
  label,
  onChange,
}: Props) {
  const builder = useBuilderMessages();
  const { wording } = useTools();
  const shown = text ?? (when === undefined ? wording.words.anyTime : whenWords(when, scope, wording));
  return (
    <SlotPopover label={label ?? builder.slots.when} text={shown}>
      {(close) => (
        <Suspense fallback={<div className="slot-form" />}>
          <WhenForm
            when={when}
            isOptional={isOptional}
            takesRange={takesRange}
            onChange={(next) => {
              onChange(next);
              close();
            }}
          />
        </Suspense>
      )}
    </SlotPopover>
  );
}
