import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Icon } from '../../ui/Icon.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { useIsEditing, useTools } from '../builder-context.tsx';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A choice in the middle of a sentence. */
export function SlotMenu({ label, text, chosen, onChoose, className = '', children }: Props) {
  const isEditing = useIsEditing();
  const { readOnly } = useTools();
  if (readOnly) return <strong className="slot-text">{text}</strong>;
  const trigger = (
    <AriaButton className={`slot ${className}`} aria-label={`${label}: ${text}`} excludeFromTabOrder={!isEditing}>
      {text}
      <Icon name="chevron" />
    </AriaButton>
  );
  return (
    <Menu
      trigger={trigger}
      label={label}
      selectionMode="single"
      selectedKeys={[chosen]}
      onAction={(key) => onChoose(String(key))}
    >
      {children}
    </Menu>
  );
}
