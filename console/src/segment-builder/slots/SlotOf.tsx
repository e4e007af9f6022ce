/** The control of one slot of a row's sentence. */
import type { SlotName } from '../../messages/parts.ts';
import type { Attribute, EventRow, Scope, SegmentRow } from '../model.ts';
import { AttributeSlot } from './AttributeSlots.tsx';
import { EventSlot } from './EventSlots.tsx';
import { SegmentSlot } from './SegmentSlots.tsx';

interface Props {
  readonly name: SlotName;
  readonly text: string;
  readonly node: Attribute | EventRow | SegmentRow;
  readonly scope: Scope;
}

export function SlotOf({ name, text, node, scope }: Props) {
  switch (node.kind) {
    case 'attribute':
      return <AttributeSlot name={name} text={text} node={node} scope={scope} />;
    case 'event':
      return <EventSlot name={name} text={text} node={node} />;
    case 'segment':
      return <SegmentSlot name={name} text={text} node={node} />;
  }
}
