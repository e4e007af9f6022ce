/**
 * What a definition asks of attributes, as terms: it holds if all of one term hold. What a term can't say of a single
 * attribute (an event, the clock, two attributes compared) is taken to hold, whichever way it is asked, so that an answer
 * changes with attributes only if some term does, or a part that no term covers.
 */
import type { Checked, Expression } from '#shared/pql/ast.ts';
import { compile, type Evaluate } from '#shared/pql/compiler.ts';
import { dependencies } from '#shared/pql/dependencies.ts';
import { childrenOf } from '#shared/pql/incremental/tree.ts';

/** An attribute's name, of a path the first; undefined for the profile as a whole. */
export type AttributeRoot = string | undefined;

/** A condition on one attribute and nothing else. */
export interface AttributeTest {
  /** Equal for tests that are the same. */
  readonly key: string;
  readonly root: string;
  readonly holds: (value: unknown) => boolean;
  /** Its answer differs between two texts only if one of these is among them. */
  readonly texts?: readonly string[];
  /** Its answer differs between two numbers only if this one is not beyond either. */
  readonly bound?: number;
}

export interface AttributeTerms {
  /** All attributes that are read in any way, be it only whether a list has members. */
  readonly roots: ReadonlySet<AttributeRoot>;
  readonly terms: readonly (readonly AttributeTest[])[];
  /** Attributes of parts that no term covers. */
  readonly loose: ReadonlySet<AttributeRoot>;
  /** The definition holds exactly if one of its terms does. */
  readonly isWhole: boolean;
}

export const NO_TERMS: AttributeTerms = { roots: new Set(), terms: [], loose: new Set(), isWhole: false };

/** A definition that multiplies out to more is looked at whenever one of its attributes changes. */
export const TERMS_MAX = 24;

export function attributeTerms(checked: Checked, timeZone?: string): AttributeTerms {
  const roots = rootsIn(checked);
  const writing: Writing = { timeZone, loose: new Set(), isWhole: true };
  const terms = roots.has(undefined) ? undefined : termsOf(checked, false, writing);
  if (terms === undefined) return { roots, terms: [], loose: roots, isWhole: false };
  return { roots, terms, loose: writing.loose, isWhole: writing.isWhole };
}

/** Of every attribute that is read in any way. */
export function rootsIn(node: Expression): ReadonlySet<AttributeRoot> {
  if (node.kind === 'profile') return new Set([undefined]);
  if (node.kind === 'field' && node.object.kind === 'profile') return new Set([node.name]);
  return new Set(childrenOf(node).flatMap((child) => [...rootsIn(child.node)]));
}

interface Writing {
  readonly timeZone: string | undefined;
  readonly loose: Set<AttributeRoot>;
  isWhole: boolean;
}

type Terms = readonly (readonly AttributeTest[])[];

/** Undefined where there are too many. */
function termsOf(node: Expression, isNegated: boolean, writing: Writing): Terms | undefined {
  if (node.kind !== 'call') return leafTerms(node, isNegated, writing);
  switch (node.fn) {
    case 'not':
      return termsOf(node.args[0] as Expression, !isNegated, writing);
    case 'and':
    case 'or': {
      const parts = node.args.map((argument) => termsOf(argument, isNegated, writing));
      if (!parts.every((part) => part !== undefined)) return undefined;
      return (node.fn === 'or') === isNegated ? allOf(parts) : anyOf(parts);
    }
    default:
      return leafTerms(node, isNegated, writing);
  }
}

const anyOf = (parts: readonly Terms[]): Terms | undefined => capped(parts.flat());

function allOf(parts: readonly Terms[]): Terms | undefined {
  let product: Terms | undefined = [[]];
  for (const part of parts) {
    product = product && capped(product.flatMap((left) => part.map((right) => [...left, ...right])));
  }
  return product;
}

const capped = (terms: Terms) => (terms.length > TERMS_MAX ? undefined : terms);

function leafTerms(node: Expression, isNegated: boolean, writing: Writing): Terms {
  const test = testOf(node, isNegated, writing.timeZone);
  if (test !== undefined) return [[test]];
  writing.isWhole = false;
  for (const root of rootsIn(node)) writing.loose.add(root);
  return [[]];
}

function testOf(node: Expression, isNegated: boolean, timeZone: string | undefined): AttributeTest | undefined {
  const [root, ...others] = rootsIn(node);
  if (root === undefined || others.length > 0) return undefined;
  const { readsEvents, readsNow, segments } = dependencies(node as Checked);
  if (readsEvents || readsNow || segments.length > 0) return undefined;
  const asked = {
    kind: 'call',
    fn: isNegated ? 'not' : 'and',
    args: [node],
    span: node.span,
    type: node.type,
  } as Checked;
  let run: Evaluate | undefined;
  return {
    key: JSON.stringify([timeZone, asked], withoutSpan),
    root,
    holds: (value) => {
      run ??= compile(asked, { mode: 'segment', timeZone });
      return run({ profile: { [root]: value }, events: [], now: 0 }) === true;
    },
    ...reachOf(node),
  };
}

function withoutSpan(name: string, value: unknown): unknown {
  if (name === 'span') return undefined;
  return name === 'type' ? (value as Expression['type']).kind : value;
}

const ORDERS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '=', '!=']);

/** Between which values its answer may differ, where that can be said. */
function reachOf(node: Expression): Pick<AttributeTest, 'texts' | 'bound'> {
  if (node.kind !== 'call' || node.ignoreCase || node.args.length !== 2) return {};
  const [field, wanted] = node.args as [Expression, Expression];
  if (field.kind !== 'field' || field.object.kind !== 'profile' || field.stored !== undefined) return {};
  if (node.fn === 'in' || node.fn === 'notIn') {
    const texts = wanted.kind === 'list' ? textsOf(wanted.items) : undefined;
    return texts ? { texts } : {};
  }
  if (wanted.kind !== 'literal' || !ORDERS.has(node.fn)) return {};
  if (typeof wanted.value === 'number') return { bound: wanted.value };
  const isEquality = node.fn === '=' || node.fn === '!=';
  return isEquality && typeof wanted.value === 'string' ? { texts: [wanted.value] } : {};
}

function textsOf(nodes: readonly Expression[]): readonly string[] | undefined {
  const texts = nodes.flatMap((node) =>
    node.kind === 'literal' && typeof node.value === 'string' ? [node.value] : [],
  );
  return texts.length === nodes.length ? texts : undefined;
}
