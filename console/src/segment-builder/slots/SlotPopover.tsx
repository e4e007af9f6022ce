import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { Icon } from '../../ui/Icon.tsx';
import { useIsEditing, useTools } from '../builder-context.tsx';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly isMissing?: boolean;
  /** Of a row that begins with this question. */
  readonly isOpenAtFirst?: boolean;
  readonly className?: string;
  readonly children: (close: () => void) => ReactNode;
}

/** A value that takes more than a list to choose. */
export function SlotPopover({
  label,
  text,
  isMissing = false,
  isOpenAtFirst = false,
  className = '',
  children,
}: Props) {
  const isEditing = useIsEditing();
  const { readOnly } = useTools();
  if (readOnly) return <strong className="slot-text">{text}</strong>;
  return (
    <DialogTrigger defaultOpen={isOpenAtFirst}>
      <AriaButton
        className={isMissing ? 'slot missing' : `slot ${className}`}
        aria-label={`${label}: ${text}`}
        excludeFromTabOrder={!isEditing}
      >
        {text}
        <Icon name="chevron" />
      </AriaButton>
      <Popover className="popover" placement="bottom start" offset={4}>
        <Dialog className="slot-dialog" aria-label={label}>
          {({ close }) => children(close)}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
