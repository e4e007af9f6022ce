/** The tests that a field of a kind is offered, and what becomes of its value when another is chosen. */
import type { Attribute, Comparison, Operand, Scalar, Test, TextTest } from './model.ts';
import { firstTest } from './new-rows.ts';
import type { FieldKind } from './vocabulary.ts';

export interface TestChoice {
  readonly key: string;
  readonly op: Test['op'];
  readonly negated: boolean;
}

const choice = (op: Test['op'], negated = false): TestChoice => ({ key: `${negated ? 'not ' : ''}${op}`, op, negated });

const EQUAL = [choice('='), choice('=', true), choice('!=')];
const LISTED = [choice('in'), choice('in', true)];
const FILLED = [choice('exists'), choice('missing')];
const ORDERED = [choice('>='), choice('<='), choice('>'), choice('<')];
const TEXTS = [
  choice('contains'),
  choice('contains', true),
  choice('startsWith'),
  choice('endsWith'),
  choice('matches'),
];

const CHOICES: Readonly<Record<FieldKind, readonly TestChoice[]>> = {
  text: [...EQUAL, ...LISTED, ...TEXTS, ...FILLED],
  number: [...EQUAL, ...ORDERED, ...LISTED, ...FILLED],
  boolean: [choice('='), choice('=', true), ...FILLED],
  time: [choice('occurs'), choice('occurs', true), ...FILLED],
};

/** What the row says now is always among them, even if the kind's own list has it not. */
export function testChoices(
  kind: FieldKind,
  { test, negated }: Pick<Attribute, 'test' | 'negated'>,
): readonly TestChoice[] {
  const own = choice(test.op, negated);
  return CHOICES[kind].some(({ key }) => key === own.key) ? CHOICES[kind] : [...CHOICES[kind], own];
}

export const keyOf = ({ test, negated }: Pick<Attribute, 'test' | 'negated'>): string => choice(test.op, negated).key;

const isText = (op: Test['op']): op is TextTest =>
  [
    'contains',
    'startsWith',
    'endsWith',
    'doesNotContain',
    'doesNotStartWith',
    'doesNotEndWith',
    'like',
    'matches',
  ].includes(op);

export const isComparison = (op: Test['op']): op is Comparison => ['=', '!=', '<', '<=', '>', '>='].includes(op);

export function testFrom(op: Test['op'], before: Test, kind: FieldKind): Test {
  const values = valuesOf(before);
  const [first] = values;
  if (op === 'in' || op === 'notIn') return { op, values };
  if (isText(op)) return first === undefined ? { op } : { op, value: String(first) };
  if (isComparison(op)) {
    const operand: Operand | undefined =
      'operand' in before ? before.operand : first === undefined ? undefined : { kind: 'value', value: first };
    return operand === undefined ? { op } : { op, operand };
  }
  if (op === 'occurs') return before.op === 'occurs' ? before : firstTest(kind === 'time' ? kind : 'time');
  return { op };
}

function valuesOf(test: Test): readonly Scalar[] {
  if ('values' in test) return test.values;
  if ('value' in test && test.value !== undefined) return [test.value];
  return 'operand' in test && test.operand?.kind === 'value' ? [test.operand.value] : [];
}

/** As typed: a number where the field holds numbers, else text. */
export function scalarFrom(text: string, kind: FieldKind): Scalar {
  const number = Number(text.trim().replace(',', '.'));
  return kind === 'number' && text.trim() !== '' && Number.isFinite(number) ? number : text;
}
