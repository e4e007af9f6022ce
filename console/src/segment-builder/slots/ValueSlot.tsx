/** The value that a field is compared with: typed, chosen, several of them, a time, or another field. */
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { MenuItem } from '../../ui/Menu.tsx';
import { useTools } from '../builder-context.tsx';
import type { Attribute, Operand, Path, Scalar, Scope, Test } from '../model.ts';
import { replace } from '../operations.ts';
import { scalarWords } from '../sentence.ts';
import { scalarFrom } from '../test-choices.ts';
import { type FieldKind, fieldAt, kindOf, pathOf } from '../vocabulary.ts';
import { FieldPicker } from './FieldPicker.tsx';
import { NumberSlot } from './NumberSlot.tsx';
import { SlotMenu } from './SlotMenu.tsx';
import { SlotPopover } from './SlotPopover.tsx';
import { TextSlot } from './TextSlot.tsx';
import { ValuesSlot } from './ValuesSlot.tsx';
import { WhenSlot } from './WhenSlot.tsx';

interface Props {
  readonly text: string;
  readonly node: Attribute;
  readonly scope: Scope;
}

export function ValueSlot({ text, node, scope }: Props) {
  const { change, vocabulary } = useTools();
  const field = fieldAt(vocabulary, node.path, node.of === 'person' ? 'profile' : scope);
  const kind = kindOf(field);
  const { test } = node;
  const suggestions = [
    ...(field?.values ?? []).map(({ value }) => String(value)),
    ...(field?.observed?.topValues ?? []).map(({ value }) => String(value)),
  ];
  const set = (next: Test, key?: string) =>
    change(
      (root) => replace(root, node.id, { ...node, test: next }),
      key === undefined ? {} : { key: `${key}:${node.id}` },
    );
  if (test.op === 'occurs') {
    return (
      <WhenSlot when={test.when} scope={scope} text={text} onChange={(when) => when && set({ op: 'occurs', when })} />
    );
  }
  if (test.op === 'in' || test.op === 'notIn') {
    const change = (values: readonly string[]) =>
      set({ op: test.op, values: values.map((one) => scalarFrom(one, kind)) });
    return <ValuesSlot values={test.values.map(String)} suggestions={suggestions} onChange={change} />;
  }
  if ('value' in test || !('operand' in test || isComparing(test))) {
    const { value } = test as { value?: string };
    return (
      <TextSlot value={value} suggestions={[]} onChange={(next) => set({ ...test, value: next } as Test, 'value')} />
    );
  }
  const { operand } = test as Extract<Test, { operand?: unknown }>;
  if (operand?.kind === 'path') {
    const compare = (path: Path) => set({ ...test, operand: { ...operand, path } } as Test);
    return <ComparedSlot text={text} operand={operand} scope={scope} onChoose={compare} />;
  }
  const setValue = (value: Scalar) => set({ ...test, operand: { kind: 'value', value } } as Test, 'value');
  return <ScalarSlot value={operand?.value} kind={kind} suggestions={suggestions} onChange={setValue} />;
}

const isComparing = ({ op }: Test): boolean => ['=', '!=', '<', '<=', '>', '>='].includes(op);

interface ComparedProps {
  readonly text: string;
  readonly operand: Extract<Operand, { readonly kind: 'path' }>;
  readonly scope: Scope;
  readonly onChoose: (path: Path) => void;
}

/** Another field in place of a value: of the event itself, or of the person who did it. */
function ComparedSlot({ text, operand: { path, of }, scope, onChoose }: ComparedProps) {
  const builder = useBuilderMessages();
  const isOpen = path.length === 0;
  return (
    <SlotPopover label={builder.slots.compareField} text={text} isMissing={isOpen} isOpenAtFirst={isOpen}>
      {(close) => (
        <FieldPicker
          scope={of === 'person' ? 'profile' : scope}
          onChoose={(field) => {
            onChoose(pathOf(field));
            close();
          }}
        />
      )}
    </SlotPopover>
  );
}

interface ScalarProps {
  readonly value: Scalar | undefined;
  readonly kind: FieldKind;
  readonly suggestions: readonly string[];
  readonly onChange: (value: Scalar) => void;
}

function ScalarSlot({ value, kind, suggestions, onChange }: ScalarProps) {
  const builder = useBuilderMessages();
  const { wording } = useTools();
  if (typeof value === 'boolean' || (value === undefined && kind === 'boolean')) {
    const shown = value === undefined ? builder.slots.choose : scalarWords(value, wording.words);
    return (
      <SlotMenu
        label={builder.slots.value}
        text={shown}
        chosen={String(value)}
        onChoose={(key) => onChange(key === 'true')}
      >
        <MenuItem id="true" label={builder.sentence.truth.true} />
        <MenuItem id="false" label={builder.sentence.truth.false} />
      </SlotMenu>
    );
  }
  if (kind === 'number' && typeof value !== 'string') {
    return (
      <NumberSlot
        label={builder.slots.value}
        value={value}
        isWhole={false}
        placeholder={builder.slots.choose}
        onChange={onChange}
      />
    );
  }
  const text = value === undefined ? undefined : String(value);
  return <TextSlot value={text} suggestions={suggestions} onChange={(next) => onChange(scalarFrom(next, kind))} />;
}
