/**
 * PQL as a rule on the canvas. Every node holds the text that it was read from. What can't be drawn becomes a code row at
 * the smallest Boolean part, so that everything round it stays drawable.
 */

import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { Call, Expression } from '#shared/pql/ast.ts';
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { parse } from '#shared/pql/parser.ts';
import {
  type Frame,
  type Group,
  type Joint,
  LEVEL,
  type Level,
  type Mode,
  type NewId,
  type Node,
  type Scope,
} from './model.ts';
import { readAttribute, readRange } from './read-attribute.ts';
import { readEvent } from './read-event.ts';
import { readSequence } from './read-sequence.ts';
import { type Reader, Source, type Tokens } from './source.ts';

export function fromPql(text: string, newId: NewId): Result<Group, readonly Diagnostic[]> {
  const parsed = parse(text);
  if (!parsed.ok) return fail(parsed.error);
  const source = new Source(text);
  const reader = new TreeReader(source, newId);
  return ok(asRoot(reader.read(parsed.value, source.all, 'profile'), source, newId));
}

/** The root is a group, and holds what stands before the first and behind the last token. */
function asRoot(node: Node, source: Source, newId: NewId): Group {
  const [lead, trail] = source.margins();
  if (node.kind !== 'group') {
    const frame = { before: lead, after: trail, level: LEVEL.open, joints: {} };
    const origin = { text: source.text, level: node.origin?.level ?? LEVEL.open };
    return { kind: 'group', id: newId(), mode: 'all', children: [node], frame, origin };
  }
  const { frame, origin } = node;
  return {
    ...node,
    ...(frame && { frame: { ...frame, before: lead + frame.before, after: frame.after + trail } }),
    ...(origin && { origin: { ...origin, text: source.text } }),
  };
}

class TreeReader implements Reader {
  readonly source: Source;
  readonly newId: NewId;

  constructor(source: Source, newId: NewId) {
    this.source = source;
    this.newId = newId;
  }

  /** `tokens` are those of the operand, with its parentheses. */
  read(expression: Expression, tokens: Tokens, scope: Scope): Node {
    const core = this.source.unwrapped(tokens);
    const level = core === tokens ? levelOf(expression) : LEVEL.atom;
    const origin = { text: this.source.slice(tokens), level };
    const node = this.readBare(expression, core, tokens, scope);
    return { ...node, origin };
  }

  private readBare(expression: Expression, core: Tokens, outer: Tokens, scope: Scope): Node {
    const isRange = core !== outer && expression.kind === 'call' && readRange(expression, scope) !== undefined;
    if (!isRange && (isCall(expression, 'and') || isCall(expression, 'or'))) {
      return this.readJunction(expression, { core, outer }, expression.fn === 'and' ? 'all' : 'any', scope);
    }
    if (isCall(expression, 'not') && expression.args.length === 1) return this.readNot(expression, core, outer, scope);
    return this.readRow(expression, scope) ?? this.code(core);
  }

  private readRow(expression: Expression, scope: Scope): Node | undefined {
    const attribute = readAttribute(expression, scope);
    if (attribute !== undefined) return { kind: 'attribute', id: this.newId(), negated: false, ...attribute };
    if (scope === 'event') return undefined;
    const segment = readSegment(expression);
    if (segment !== undefined) return { kind: 'segment', id: this.newId(), segmentId: segment, in: true };
    if (expression.kind === 'chain') return readSequence(expression, this);
    return readEvent(expression, this);
  }

  private code(core: Tokens): Node {
    return { kind: 'code', id: this.newId(), text: this.source.slice(core) };
  }

  /** `and` or `or` with its operands; called as a function it is one word less, and stays code. */
  private readJunction(
    { args, fn }: Call,
    { core, outer }: { readonly core: Tokens; readonly outer: Tokens },
    mode: Mode,
    scope: Scope,
  ): Node {
    const operands = this.source.operands(core, args, fn);
    if (operands === undefined || args.length < 2) return this.code(core);
    const children = args.map((argument, index) => this.read(argument, operands[index] as Tokens, scope));
    const frame = this.frameOf(outer, operands, children, core === outer ? LEVEL.open : LEVEL.atom);
    return { kind: 'group', id: this.newId(), mode, children, frame };
  }

  private frameOf(outer: Tokens, operands: readonly Tokens[], children: readonly Node[], level: Level): Frame {
    const joints: Record<string, Joint> = {};
    for (let index = 1; index < operands.length; index += 1) {
      const [before, after] = [operands[index - 1] as Tokens, operands[index] as Tokens];
      joints[(children[index] as Node).id] = this.source.joint(before, after);
    }
    return { ...this.source.brackets(outer, operands), level, joints };
  }

  private readNot({ args: [operand] }: Call, core: Tokens, outer: Tokens, scope: Scope): Node {
    const inner = { from: core.from + 1, to: core.to };
    const node = this.read(operand as Expression, inner, scope);
    const opposite = oppositeOf(node);
    if (opposite !== undefined) return opposite;
    if (node.kind === 'group' && node.mode === 'any') return this.none(node, outer, inner);
    return { kind: 'group', id: this.newId(), mode: 'none', children: [node] };
  }

  /** `not (a or b)`: the group of `or` itself, with the `not` in its frame. */
  private none(group: Group, outer: Tokens, inner: Tokens): Group {
    const { frame, origin: _, ...rest } = group;
    if (frame === undefined || frame.level !== LEVEL.atom) return { ...rest, mode: 'none' };
    const [before, after] = this.source.around(outer, inner);
    const level = after === '' && outer.from + 1 === inner.from ? LEVEL.not : LEVEL.atom;
    return {
      ...rest,
      mode: 'none',
      frame: { ...frame, before: before + frame.before, after: frame.after + after, level },
    };
  }
}

/** The row that says the opposite by itself; a row that says so already would need a second `not`. */
function oppositeOf(node: Node): Node | undefined {
  if (node.kind === 'attribute' && !node.negated) return { ...node, negated: true };
  if (node.kind === 'event' && node.did) return { ...node, did: false };
  if (node.kind === 'segment' && node.in) return { ...node, in: false };
  return undefined;
}

const isCall = (expression: Expression, fn: string): expression is Call =>
  expression.kind === 'call' && expression.fn === fn;

function readSegment(expression: Expression): string | undefined {
  if (!isCall(expression, 'inSegment') || expression.args.length !== 1) return undefined;
  const [id] = expression.args;
  return id?.kind === 'literal' && typeof id.value === 'string' ? id.value : undefined;
}

const COMPARING = new Set(['=', '!=', '<', '<=', '>', '>=', 'like', 'matches', 'in', 'notIn', '+', '-', '*', '/', '%']);

/** How the text binds where it stands without brackets. What isn't sure counts as loose: a pair of brackets more. */
function levelOf(expression: Expression): Level {
  switch (expression.kind) {
    case 'call':
      if (expression.fn === 'or') return LEVEL.or;
      if (expression.fn === 'and') return LEVEL.and;
      if (expression.fn === 'not') return LEVEL.not;
      return COMPARING.has(expression.fn) ? LEVEL.comparison : LEVEL.atom;
    case 'occurs':
      return LEVEL.comparison;
    case 'let':
    case 'select':
    case 'quantifier':
    case 'fold':
    case 'lambda':
      return LEVEL.open;
    default:
      return LEVEL.atom;
  }
}
