import type { SlotName } from '../../messages/parts.ts';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { MenuItem } from '../../ui/Menu.tsx';
import { useTools } from '../builder-context.tsx';
import type { SegmentRow } from '../model.ts';
import { replace } from '../operations.ts';
import { SlotMenu } from './SlotMenu.tsx';

interface Props {
  readonly name: SlotName;
  readonly text: string;
  readonly node: SegmentRow;
}

export function SegmentSlot({ name, text, node }: Props) {
  const builder = useBuilderMessages();
  const { change, vocabulary } = useTools();
  const { sentence, slots } = builder;
  if (name === 'in') {
    return (
      <SlotMenu
        label={slots.member}
        text={text}
        chosen={String(node.in)}
        onChoose={(key) => change((root) => replace(root, node.id, { ...node, in: key === 'true' }))}
      >
        <MenuItem id="true" label={sentence.in} />
        <MenuItem id="false" label={sentence.notIn} />
      </SlotMenu>
    );
  }
  return (
    <SlotMenu
      label={slots.segment}
      text={text}
      chosen={node.segmentId}
      className={vocabulary.names.segment(node.segmentId) === undefined ? 'missing' : 'model'}
      onChoose={(segmentId) => change((root) => replace(root, node.id, { ...node, segmentId }))}
    >
      {vocabulary.segments.map(({ id, name: title }) => (
        <MenuItem key={id} id={id} label={title} />
      ))}
    </SlotMenu>
  );
}
