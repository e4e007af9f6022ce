/** `select`, quantifiers and folds: over the tuples of their declarations, later sources seeing earlier variables. */
import type { Declaration, Fold, Quantifier, Select } from '../ast.ts';
import type { Value } from '../value.ts';
import { itemsOf } from './access.ts';
import { type Code, type Compiler, type Frame, type Run, type Test, variable } from './code.ts';
import { average, collect, extreme, sum } from './items.ts';

interface Range {
  readonly slot: number;
  readonly source: Run;
  readonly condition: Test | undefined;
}

const compileRanges = (compiler: Compiler, declarations: readonly Declaration[]): readonly Range[] =>
  declarations.map(({ slot, source, condition }) => ({
    slot,
    source: compiler.node(source).run,
    condition: condition && compiler.test(condition),
  }));

/** Visits each tuple that passes; a visitor that returns true ends the walk. */
function someTuple(frame: Frame, ranges: readonly Range[], at: number, visit: (frame: Frame) => boolean): boolean {
  const range = ranges[at];
  if (range === undefined) return visit(frame);
  for (const item of itemsOf(range.source(frame)) ?? []) {
    frame.variables[range.slot] = item ?? null;
    if (range.condition !== undefined && !range.condition(frame)) continue;
    if (someTuple(frame, ranges, at + 1, visit)) return true;
  }
  return false;
}

function everyTuple(frame: Frame, ranges: readonly Range[], at: number): boolean {
  const range = ranges[at];
  if (range === undefined) return true;
  for (const item of itemsOf(range.source(frame)) ?? []) {
    frame.variables[range.slot] = item ?? null;
    if (range.condition !== undefined && !range.condition(frame)) return false;
    if (!everyTuple(frame, ranges, at + 1)) return false;
  }
  return true;
}

export function compileQuantifier(compiler: Compiler, { fn, declarations }: Quantifier): Code {
  const ranges = compileRanges(compiler, declarations);
  if (fn === 'forall') return variable((frame) => everyTuple(frame, ranges, 0));
  return variable((frame) => someTuple(frame, ranges, 0, () => true));
}

export function compileSelect(compiler: Compiler, { declarations }: Select): Code {
  const ranges = compileRanges(compiler, declarations);
  const [only] = declarations;
  const tuple = (frame: Frame): Value =>
    declarations.length === 1
      ? (frame.variables[only?.slot ?? 0] ?? null)
      : Object.fromEntries(declarations.map(({ name, slot }) => [name, frame.variables[slot]]));
  return variable((frame) => {
    const selected: Value[] = [];
    someTuple(frame, ranges, 0, () => {
      selected.push(tuple(frame));
      return false;
    });
    return selected;
  });
}

const FOLDS: Readonly<Record<Fold['fn'], (values: readonly Value[]) => Value>> = {
  sum,
  average,
  min: (values) => extreme(values, -1),
  max: (values) => extreme(values, 1),
  count: (values) => values.length,
};

/** Without `over` the last variable is folded. A count is of tuples, so a list there counts once. */
export function compileFold(compiler: Compiler, { fn, body, declarations }: Fold): Code {
  const ranges = compileRanges(compiler, declarations);
  const last = declarations.at(-1)?.slot ?? 0;
  const run: Run = body === undefined ? ({ variables }) => variables[last] ?? null : compiler.node(body).run;
  return variable((frame) => {
    const values: Value[] = [];
    someTuple(frame, ranges, 0, () => {
      const value = run(frame);
      if (fn === 'count' && value !== null) values.push(value);
      else collect(values, value);
      return false;
    });
    return FOLDS[fn](values);
  });
}
