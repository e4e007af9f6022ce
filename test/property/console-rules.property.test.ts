/**
 * The laws of the canvas: text → canvas → text keeps what was written, canvas → text → canvas keeps the rule, and what
 * is written anew means the same. Meaning is what the oracle of PQL says, for random people.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromPql } from '#console/src/segment-builder/from-pql.ts';
import { type History, record, redo, startHistory, undo } from '#console/src/segment-builder/history.ts';
import { countingIds, findNode, type Group, type Node, placeOf, walk } from '#console/src/segment-builder/model.ts';
import * as operations from '#console/src/segment-builder/operations.ts';
import { toPql } from '#console/src/segment-builder/to-pql.ts';
import { check, type EvaluationInput, hasErrors, interpret, parse } from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { forgetText, ruleOf, saidBy } from './console/rules.ts';
import { type Choices, choices } from './pql/choices.ts';
import { expressionText, boolean as randomCondition } from './pql/expressions.ts';
import { inputOf } from './pql/inputs.ts';

const OPTIONS = { seed: 20_261_123, numRuns: 1_000 };
const entropy = choices(400);

function read(text: string, newId = countingIds('r')): Group {
  const rule = fromPql(text, newId);
  if (!rule.ok) throw new Error(`${text}: ${JSON.stringify(rule.error)}`);
  return rule.value;
}

type Meaning = (input: EvaluationInput) => unknown;

function meaningOf(text: string): Meaning | undefined {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  const { expression, diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment' });
  if (hasErrors(diagnostics)) return undefined;
  return (input) => interpret(expression, input, { mode: 'segment' });
}

describe('text to canvas', () => {
  test('what is not touched is written as it was, to the byte', () => {
    fc.assert(
      fc.property(entropy, (c) => {
        const text = expressionText(c);

        expect(toPql(read(text))).toBe(text);
      }),
      OPTIONS,
    );
  });

  test('what is written anew means the same for everybody', () => {
    let compared = 0;
    fc.assert(
      fc.property(entropy, entropy, fc.boolean(), (c, data, isDrawn) => {
        const text = isDrawn ? toPql(ruleOf(c, countingIds())) : conditionText(c);
        const rule = read(text);
        const again = toPql(forgetText(rule));
        const [before, after] = [meaningOf(text), meaningOf(again)];
        if (before === undefined) return;
        compared += 1;

        expect(after, again).toBeDefined();
        const input = inputOf(data);
        expect(after?.(input), `${text}\n${again}`).toEqual(before(input));
      }),
      OPTIONS,
    );
    expect(compared).toBeGreaterThan(OPTIONS.numRuns / 2);
  });
});

const conditionText = (c: Choices): string =>
  randomCondition({ c, depth: 0, item: 'profile', outer: 0, variables: [], isBinding: false });

test('canvas to text to canvas is the same rule', () => {
  fc.assert(
    fc.property(entropy, (c) => {
      const rule = ruleOf(c, countingIds());
      const text = toPql(rule);

      expect(saidBy(read(text)), text).toEqual(saidBy(rule));
    }),
    OPTIONS,
  );
});

test('a row that changes leaves the spelling of all others, and the comments between them', () => {
  fc.assert(
    fc.property(entropy, fc.nat(), (c, pick) => {
      const rows = read(toPql(ruleOf(c, countingIds()))).children;
      const written = rows.map((row) => `( ${row.origin?.text ?? ''} )`);
      const text = `// who\n${written.join('\n  /* then */ AND // and so\n ')}\n// that is all`;
      const rule = read(text);
      const chosen = rule.children[pick % rule.children.length] as Node;
      const changed = operations.replace(rule, chosen.id, { kind: 'code', id: 'x', text: 'replaced = 1' });

      const expected = written.map((row, index) => (index === pick % rows.length ? undefined : row));
      const after = toPql(changed);
      for (const row of expected) if (row !== undefined) expect(after).toContain(row);
      expect(after.split('/* then */').length, after).toBe(rows.length);
      expect(after.startsWith('// who\n') && after.endsWith('\n// that is all'), after).toBe(true);
      expect(parse(after).ok, after).toBe(true);
    }),
    OPTIONS,
  );
});

interface Edit {
  readonly root: Group;
  readonly c: Choices;
  readonly newId: () => string;
}

const anyId = ({ root, c }: Edit): string => c.of([...walk(root)]).id;
const rowCount = (root: Group) => [...walk(root)].filter(({ kind }) => kind !== 'group').length;

/** Each keeps the number of rows, but for those that say by how many they may change it. */
const EDITS: readonly ((edit: Edit) => Group)[] = [
  (edit) => operations.move(edit.root, anyId(edit), anyId(edit), edit.c.below(5)),
  (edit) => operations.setMode(edit.root, anyId(edit), edit.c.of(['all', 'any', 'none'])),
  (edit) => operations.negate(edit.root, anyId(edit), edit.newId),
  (edit) => operations.wrap(edit.root, [anyId(edit), ...edit.c.times(1, () => anyId(edit))], 'any', edit.newId),
  (edit) => operations.unwrap(edit.root, anyId(edit)),
  (edit) => operations.step(edit.root, anyId(edit), edit.c.of(['up', 'down', 'in', 'out'])),
];

test('whatever is done in whatever order, no row is lost, no id is there twice, and the text is PQL', () => {
  fc.assert(
    fc.property(entropy, choices(200), (c, acts) => {
      const newId = countingIds('e');
      let root = acts.chance(50) ? read(toPql(ruleOf(c, countingIds()))) : ruleOf(c, countingIds());
      const rows = rowCount(root);
      for (let turn = 0; turn < 12; turn += 1) root = acts.of(EDITS)({ root, c: acts, newId });

      expect(rowCount(root)).toBe(rows);
      const ids = [...walk(root)].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const text = toPql(root);
      expect(parse(text).ok, text).toBe(true);
    }),
    OPTIONS,
  );
});

test('a copy is one more of the same, and taking it away again leaves the rule as it was', () => {
  fc.assert(
    fc.property(entropy, fc.nat(), (c, pick) => {
      const rule = ruleOf(c, countingIds());
      const rows = rule.children;
      const row = rows[pick % rows.length] as Node;
      const copied = operations.duplicate(rule, row.id, countingIds('d'));
      const copy = copied.children[rows.indexOf(row) + 1] as Node;

      expect(saidBy(copy)).toEqual(saidBy(row));
      expect(saidBy(operations.remove(copied, copy.id))).toEqual(saidBy(rule));
    }),
    OPTIONS,
  );
});

test('up and down again, undo after any step, and redo after undo lead back', () => {
  fc.assert(
    fc.property(entropy, choices(50), (c, acts) => {
      const root = ruleOf(c, countingIds());
      const id = anyId({ root, c: acts, newId: countingIds('z') });
      const up = operations.step(root, id, 'up');
      if (up !== root) expect(saidBy(operations.step(up, id, 'down'))).toEqual(saidBy(root));

      const next = acts.of(EDITS)({ root, c: acts, newId: countingIds('e') });
      const history: History = record(startHistory(root), { root: next, focus: id }, 0);
      expect(undo(history).present.root).toBe(root);
      expect(redo(undo(history)).present.root).toBe(next);
    }),
    OPTIONS,
  );
});

test('what makes no sense changes nothing', () => {
  fc.assert(
    fc.property(entropy, (c) => {
      const root = ruleOf(c, countingIds());
      for (const node of walk(root)) {
        expect(operations.move(root, node.id, node.id, 0)).toBe(root);
        const isGroup = node.kind === 'group';
        for (const inner of isGroup ? walk(node) : []) expect(operations.move(root, node.id, inner.id, 0)).toBe(root);
      }
      expect(operations.remove(root, root.id)).toBe(root);
      expect(operations.remove(root, 'nobody')).toBe(root);
      expect(operations.insert(root, 'nobody', 0, root)).toBe(root);
      expect(findNode(root, 'nobody') ?? placeOf(root, 'nobody')).toBeUndefined();
    }),
    { ...OPTIONS, numRuns: 200 },
  );
});
