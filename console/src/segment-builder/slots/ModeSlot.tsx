import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { MenuItem } from '../../ui/Menu.tsx';
import { useTools } from '../builder-context.tsx';
import type { Id, Mode } from '../model.ts';
import { setMode } from '../operations.ts';
import { SlotMenu } from './SlotMenu.tsx';

interface Props {
  readonly mode: Mode;
  readonly labels: Readonly<Record<Mode, string>>;
  readonly groupId: Id;
  readonly isHeading?: boolean;
}

const MODES: readonly Mode[] = ['all', 'any', 'none'];

/** How the rows of a group go together. */
export function ModeSlot({ mode, labels, groupId, isHeading = false }: Props) {
  const builder = useBuilderMessages();
  const { change } = useTools();
  return (
    <SlotMenu
      label={builder.slots.mode}
      text={labels[mode]}
      className={isHeading ? 'heading-slot' : undefined}
      chosen={mode}
      onChoose={(key) => change((root) => setMode(root, groupId, key as Mode))}
    >
      {MODES.map((each) => (
        <MenuItem key={each} id={each} label={labels[each]} />
      ))}
    </SlotMenu>
  );
}
