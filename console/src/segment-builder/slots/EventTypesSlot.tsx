import { Button as AriaButton } from 'react-aria-components/Button';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Menu, MenuItem, MenuRule } from '../../ui/Menu.tsx';
import { useIsEditing, useTools } from '../builder-context.tsx';
import { eventsOf } from '../sentence.ts';

interface Props {
  readonly types: readonly string[];
  readonly onChange: (types: readonly string[]) => void;
}

const ANY = 'any:';

/** One event type or several of them; none is every event. */
export function EventTypesSlot({ types, onChange }: Props) {
  const builder = useBuilderMessages();
  const { vocabulary, wording, readOnly } = useTools();
  const isEditing = useIsEditing();
  const text = eventsOf({ types }, wording);
  if (readOnly) return <strong className="slot-text event">{text}</strong>;
  const unknown = types.filter((type) => !vocabulary.eventTypes.some((known) => known.type === type));
  const all = [...vocabulary.eventTypes, ...unknown.map((type) => ({ type, title: type }))];
  return (
    <Menu
      trigger={
        <AriaButton
          className="slot event"
          aria-label={`${builder.slots.events}: ${text}`}
          excludeFromTabOrder={!isEditing}
        >
          {text}
          <Icon name="chevron" />
        </AriaButton>
      }
      label={builder.slots.events}
      selectionMode="multiple"
      selectedKeys={types.length === 0 ? [ANY] : types}
      onSelectionChange={(keys) => {
        if (keys === 'all') return;
        const chosen = [...keys].map(String);
        const isAny = chosen.includes(ANY) && types.length > 0;
        onChange(isAny ? [] : chosen.filter((key) => key !== ANY));
      }}
    >
      <MenuItem id={ANY} label={builder.slots.anyEventType} />
      <MenuRule />
      {all.map(({ type, title }) => (
        <MenuItem key={type} id={type} label={title} />
      ))}
    </Menu>
  );
}
