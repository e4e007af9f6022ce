/** The slots of a condition on one field: which field, which test, which value. */

import type { SlotName } from '../../messages/parts.ts';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { MenuItem, MenuRule } from '../../ui/Menu.tsx';
import { useTools } from '../builder-context.tsx';
import { type Attribute, type Scope, type Test, typesAround } from '../model.ts';
import { firstTest } from '../new-rows.ts';
import { replace } from '../operations.ts';
import { testWords } from '../sentence.ts';
import { isComparison, keyOf, testChoices, testFrom } from '../test-choices.ts';
import { fieldAt, kindOf, pathOf } from '../vocabulary.ts';
import { FieldPicker } from './FieldPicker.tsx';
import { SlotMenu } from './SlotMenu.tsx';
import { SlotPopover } from './SlotPopover.tsx';
import { ValueSlot } from './ValueSlot.tsx';

interface Props {
  readonly name: SlotName;
  readonly text: string;
  readonly node: Attribute;
  readonly scope: Scope;
}

export function AttributeSlot({ name, text, node, scope }: Props) {
  if (name === 'field') return <FieldSlot text={text} node={node} scope={scope} />;
  if (name === 'test') return <TestSlot text={text} node={node} scope={scope} />;
  return <ValueSlot text={text} node={node} scope={scope} />;
}

interface SlotProps {
  readonly text: string;
  readonly node: Attribute;
  readonly scope: Scope;
}

export const scopeOfField = ({ of }: Pick<Attribute, 'of'>, scope: Scope): Scope =>
  of === 'person' ? 'profile' : scope;

function FieldSlot({ text, node, scope }: SlotProps) {
  const builder = useBuilderMessages();
  const { change, root } = useTools();
  const of = scopeOfField(node, scope);
  return (
    <SlotPopover
      label={builder.slots.field}
      text={text}
      isMissing={node.path.length === 0}
      isOpenAtFirst={node.path.length === 0}
    >
      {(close) => (
        <FieldPicker
          scope={of}
          types={typesAround(root(), node.id)}
          onChoose={(field) => {
            const test = firstTest(kindOf(field));
            change((root) => replace(root, node.id, { ...node, path: pathOf(field), test, negated: false }));
            close();
          }}
        />
      )}
    </SlotPopover>
  );
}

const COMPARE = 'compare';

const isCompared = (test: Test): boolean => 'operand' in test && test.operand?.kind === 'path';

/** With a value where it was compared with a field, and with a field that is still to be chosen where it was a value. */
function comparedTest(test: Test, scope: Scope): Test {
  if (!isComparison(test.op)) return test;
  if (isCompared(test)) return { op: test.op };
  return { op: test.op, operand: { kind: 'path', path: [], of: scope === 'event' ? 'person' : 'item' } };
}

function TestSlot({ text, node, scope }: SlotProps) {
  const builder = useBuilderMessages();
  const { change, vocabulary, wording } = useTools();
  const kind = kindOf(fieldAt(vocabulary, node.path, scopeOfField(node, scope)));
  const choices = testChoices(kind, node);
  return (
    <SlotMenu
      label={builder.slots.test}
      text={text}
      chosen={keyOf(node)}
      onChoose={(key) => {
        if (key === COMPARE) {
          change((root) => replace(root, node.id, { ...node, test: comparedTest(node.test, scope) }));
          return;
        }
        const chosen = choices.find((choice) => choice.key === key);
        if (chosen === undefined) return;
        const test = testFrom(chosen.op, node.test, kind);
        change((root) => replace(root, node.id, { ...node, test, negated: chosen.negated }));
      }}
    >
      {choices.map((choice) => (
        <MenuItem
          key={choice.key}
          id={choice.key}
          label={testWords({ test: { op: choice.op } as Attribute['test'], negated: choice.negated }, wording.words)}
        />
      ))}
      {isComparison(node.test.op) && <MenuRule />}
      {isComparison(node.test.op) && (
        <MenuItem id={COMPARE} label={isCompared(node.test) ? builder.slots.plainValue : builder.slots.compareField} />
      )}
    </SlotMenu>
  );
}
