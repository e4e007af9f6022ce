import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type ParseResult, parseSync } from 'oxc-parser';

export const root = normalize(join(import.meta.dirname, '../..'));
const FOLDERS = ['shared', 'functions', 'infra', 'local', 'cli', 'scripts', 'benchmarks', 'console', 'test'];

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
  readonly functions: readonly { readonly name: string; readonly lines: number }[];
  readonly program: ParseResult['program'];
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** An import specifier as a path from the root (`shared/pql/lexer.ts`), or the package's name. */
function resolveImport(file: string, specifier: string): string {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
}

type Node = { type: string; start: number; end: number; id?: { name?: string } | null; [key: string]: unknown };
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (value !== null && typeof value === 'object') {
    if (typeof (value as Node).type === 'string') yield value as Node;
    for (const child of Object.values(value)) if (child !== null && typeof child === 'object') yield* nodesOf(child);
  }
}

function functionsOf(program: unknown, text: string): { name: string; lines: number }[] {
  return [...nodesOf(program)]
    .filter((node) => FUNCTIONS.has(node.type))
    .map(({ id, start, end }) => ({
      name: id?.name ?? `at line ${text.slice(0, start).split('\n').length}`,
      lines: text.slice(start, end).split('\n').length,
    }));
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, module } = parseSync(path, text);
  const dynamic = [...text.matchAll(/\bimport\(\s*'([^']+)'/g)].map((match) => match[1] as string);
  const exported = module.staticExports.flatMap((item) => item.entries.map((entry) => entry.moduleRequest?.value));
  const specifiers = [...module.staticImports.map((item) => item.moduleRequest.value), ...exported, ...dynamic];
  const imports = [...new Set(specifiers.filter((specifier) => specifier !== undefined))];
  return {
    path,
    text,
    program,
    imports: imports.map((specifier) => resolveImport(path, specifier)),
    functions: functionsOf(program, text),
  };
}

export const sources: readonly SourceFile[] = FOLDERS.flatMap(listFolder)
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.includes('node_modules'))
  .map(read);
