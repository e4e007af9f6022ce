/** `chain(…)` as steps in time. A step that is counted in other ways than "at least", or timed otherwise, stays code. */
import type { Chain, Step as ChainStep, When as ChainWhen } from '#shared/pql/ast.ts';
import type { Sequence, Span, Step } from './model.ts';
import { readPattern } from './read-event.ts';
import type { Reader, Tokens } from './source.ts';

export function readSequence({ source, time, steps }: Chain, reader: Reader): Sequence | undefined {
  const isPlain =
    source.kind === 'name' && source.name === 'xEvent' && time.kind === 'name' && time.name === 'timestamp';
  if (!isPlain) return undefined;
  const read: Step[] = [];
  let previous: string | undefined;
  for (const step of steps) {
    const one = readStep(step, previous, reader);
    if (one === undefined) return undefined;
    read.push(one);
    if (!one.excluded) previous = step.name;
  }
  return read.some(({ excluded }) => !excluded) ? { kind: 'sequence', id: reader.newId(), steps: read } : undefined;
}

function readStep(step: ChainStep, previous: string | undefined, reader: Reader): Step | undefined {
  const { count, what, where, when } = step;
  const excluded = !count.positive;
  const isNever = count.min === 0 && count.max === 0 && count.except === undefined;
  if (excluded && (!isNever || when.length > 0)) return undefined;
  const gaps = readGaps(when, previous);
  if (gaps === undefined) return undefined;
  const isAny = what.kind === 'literal' && what.value === true && where.length === 0;
  const conditions = isAny ? [] : [what, ...where];
  const placed = conditions.map((condition) => [condition, reader.source.insideAround(condition.span)] as const);
  if (!placed.every((each): each is readonly [(typeof each)[0], Tokens] => each[1] !== undefined)) return undefined;
  return { id: reader.newId(), ...readPattern(placed, reader), excluded, count: excluded ? 1 : count.min, ...gaps };
}

function readGaps(
  whens: readonly ChainWhen[],
  previous: string | undefined,
): Pick<Step, 'after' | 'within'> | undefined {
  const gaps: { after?: Span; within?: Span } = {};
  for (const when of whens) {
    if (when.form !== 'distance' || when.direction !== 'after' || when.reference.kind !== 'name') return undefined;
    if (previous === undefined || when.reference.name !== previous) return undefined;
    const name = when.operator === '>' ? 'after' : when.operator === '<=' ? 'within' : undefined;
    if (name === undefined || gaps[name] !== undefined) return undefined;
    gaps[name] = { count: when.count, unit: when.unit };
  }
  return gaps;
}
