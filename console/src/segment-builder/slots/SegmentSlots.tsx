import { lazy, Suspense } from 'react';
import type { SlotName } from '../../messages/parts.ts';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { MenuItem } from '../../ui/Menu.tsx';
import { useTools } from '../builder-context.tsx';
import type { SegmentRow } from '../model.ts';
import { replace } from '../operations.ts';
import { SlotMenu } from './SlotMenu.tsx';
import { SlotPopover } from './SlotPopover.tsx';

const SegmentSearch = lazy(async () => ({ default: (await import('./SegmentSearch.tsx')).SegmentSearch }));

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
  const isGone = vocabulary.names.segment(node.segmentId) === undefined;
  return (
    <SlotPopover label={slots.segment} text={text} isMissing={isGone} className="model">
      {(close) => (
        <Suspense fallback={<div className="field-picker" />}>
          <SegmentSearch
            onChoose={(segmentId) => {
              change((root) => replace(root, node.id, { ...node, segmentId }));
              close();
            }}
          />
        </Suspense>
      )}
    </SlotPopover>
  );
}
