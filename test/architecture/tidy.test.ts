/**
 * Properties of the source text itself. Each rule says why it exists; to break one, change the rule in review.
 */
import { describe, expect, test } from 'vitest';
import { type SourceFile, sources } from './sources.ts';

const LAMBDA_LIBRARIES = ['zod', '@middy/', '@aws-lambda-powertools/', 'aws-lambda'];

/** What each layer may import besides itself. The longest matching prefix is a file's layer. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'shared/kernel': [],
  // The language knows nothing of stores or AWS, so it also runs in the browser.
  'shared/pql': ['shared/kernel/', 're2js'],
  'shared/profile': ['shared/kernel/', 'shared/pql/', 'node:zlib'],
  'shared/schema': ['shared/kernel/', 'shared/pql/', 'shared/profile/', 'node:zlib'],
  'shared/segment': ['shared/kernel/', 'shared/pql/', 'shared/profile/', 'shared/schema/'],
  'shared/batch': ['shared/kernel/', 'shared/pql/', 'shared/profile/', 'shared/schema/', 'shared/segment/'],
  'shared/propensity': [
    'shared/kernel/',
    'shared/pql/',
    'shared/profile/',
    'shared/schema/',
    'shared/segment/',
    'shared/schedule/',
  ],
  'shared/audience': ['shared/kernel/', 'shared/profile/', 'csv-parse/sync'],
  'shared/export': [
    'shared/kernel/',
    'shared/pql/',
    'shared/profile/',
    'shared/schema/',
    'shared/segment/',
    'shared/batch/',
    'hyparquet-writer',
  ],
  // The words and operators of a search, whatever is searched.
  'shared/search': ['shared/kernel/', 'shared/pql/'],
  'shared/schedule': ['shared/kernel/', 'shared/batch/', 'croner'],
  'shared/privacy': ['shared/kernel/', 'shared/pql/', 'shared/profile/', 'shared/schema/', 'shared/segment/'],
  'shared/activation': [
    'shared/kernel/',
    'shared/pql/',
    'shared/profile/',
    'shared/schema/',
    'shared/segment/',
    'node:crypto',
    'node:net',
  ],
  'shared/preview': ['shared/kernel/', 'shared/pql/', 'shared/profile/', 'shared/schema/', 'shared/segment/'],
  'shared/api': [
    'shared/kernel/',
    'shared/pql/',
    'shared/profile/',
    'shared/schema/',
    'shared/segment/',
    'shared/batch/',
    'shared/propensity/',
    'shared/activation/',
    'shared/preview/',
    'shared/schedule/',
    'shared/export/',
    'rfc6902',
    'shared/privacy/',
    'zod',
  ],
  // The only folder that talks to AWS from a deployed function.
  'shared/aws': ['shared/', '@aws-sdk/', '@smithy/', 'node:'],
  'shared/client': ['shared/api/', 'shared/kernel/', 'zod'],
  'shared/memory': ['shared/'],
  'shared/lambda': [
    'shared/kernel/',
    'shared/api/',
    'shared/activation/',
    'shared/schema/',
    'shared/segment/',
    'shared/aws/',
    ...LAMBDA_LIBRARIES,
    'node:',
  ],
  functions: ['shared/', ...LAMBDA_LIBRARIES, 'rfc6902', 'node:'],
  // Routes are made of the operations that the functions answer.
  infra: [
    'aws-cdk-lib',
    'constructs',
    'cdk-nag',
    'esbuild',
    'shared/api/',
    'shared/lambda/env.ts',
    'functions/*/env.ts',
    'console/bundle.ts',
    'zod',
    'node:',
  ],
  local: [
    'shared/',
    'functions/',
    'console/build.ts',
    '@aws-sdk/',
    '@smithy/',
    'node:',
    'jose',
    'zod',
    'jsonata',
    'asl-validator',
    'croner',
  ],
  'console/src': [
    'shared/kernel/',
    'shared/pql/',
    'shared/profile/',
    'shared/schema/',
    'shared/segment/',
    'shared/schedule/',
    'shared/api/',
    'shared/client/',
    'npm:',
  ],
  // Its build, which the runner and the stack call; only what is below src reaches a browser.
  console: ['node:', 'npm:'],
  cli: ['shared/kernel/', 'shared/pql/', 'shared/api/', 'shared/client/', 'node:', 'zod'],
  scripts: ['shared/', 'local/', 'functions/', '@aws-sdk/', '@smithy/', 'node:', 'npm:'],
  benchmarks: ['shared/', 'local/', 'functions/', 'node:', 'npm:'],
  test: ['shared/', 'functions/', 'infra/', 'local/', 'console/', 'cli/', 'scripts/', 'benchmarks/', 'node:', 'npm:'],
};

const LAYERS = Object.keys(MAY_IMPORT).sort((left, right) => right.length - left.length);

function layerOf(path: string): string {
  const layer = LAYERS.find((prefix) => path.startsWith(`${prefix}/`));
  if (layer === undefined) throw new Error(`${path} is in no layer: add it to MAY_IMPORT`);
  return layer;
}

/** A function's own folder only: one function never imports another, so that each can be deleted. */
const ownFolder = (path: string, layer: string) =>
  layer === 'functions' ? `${path.split('/').slice(0, 2).join('/')}/` : `${layer}/`;

function allows(rule: string, target: string): boolean {
  if (rule === 'npm:') return !/^(shared|functions|infra|local|console|cli|test|scripts|benchmarks)\//.test(target);
  if (rule.includes('*')) return new RegExp(`^${rule.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`).test(target);
  return target === rule || target.startsWith(rule.endsWith('/') || rule.endsWith(':') ? rule : `${rule}/`);
}

function strangersOf({ path, imports }: SourceFile): string[] {
  const layer = layerOf(path);
  const allowed = [ownFolder(path, layer), ...(MAY_IMPORT[layer] ?? [])];
  return imports.filter((target) => !allowed.some((rule) => allows(rule, target)));
}

/** Replay, simulation and "batch = streaming" hold only if the core reads no clock, chance or environment. */
const IMPURE = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bprocess\.env\b|\bperformance\.now\b/;
const PURE_LAYERS = [
  'shared/kernel',
  'shared/pql',
  'shared/profile',
  'shared/schema',
  'shared/segment',
  'shared/batch',
  'shared/propensity',
  'shared/preview',
  'shared/activation',
  'shared/schedule',
  'shared/privacy',
  'shared/export',
  'shared/audience',
  'shared/search',
  'shared/api',
  'shared/memory',
  'shared/client',
];
const DATA_TABLE = /\/(cases|fixtures)\//;

describe.each(sources.map((source) => [source.path, source] as const))('%s', (path, source) => {
  test('imports only what its layer may', () => {
    expect(strangersOf(source)).toEqual([]);
  });

  test('has no function longer than a screen', () => {
    const limit = path.endsWith('/handler.ts') ? 60 : 70;
    const isTest = path.endsWith('.test.ts');
    expect(isTest ? [] : source.functions.filter(({ lines }) => lines > limit)).toEqual([]);
  });

  test('has at most 400 lines', () => {
    expect(DATA_TABLE.test(path) ? 0 : source.text.split('\n').length).toBeLessThanOrEqual(400);
  });

  test('reads no clock, chance or environment in the core', () => {
    const isCore = PURE_LAYERS.includes(layerOf(path));
    expect(isCore ? source.text.split('\n').filter((line) => IMPURE.test(line)) : []).toEqual([]);
  });

  test('leaves no note that nobody will find again', () => {
    const notes = source.text.split('\n').filter((line) => /\/\/.*\b(FIXME|XXX)\b|\bTODO\b(?! #\d)/.test(line));
    expect(path.startsWith('test/architecture/') ? [] : notes).toEqual([]);
  });
});

/** What the console shows is decided in plain functions, which tests and other views can call; React only shows it. */
test('only components and hooks of the console know React', () => {
  const isView = (path: string) => path.endsWith('.tsx') || /\/use-[\w-]+\.ts$/.test(path);
  const plain = sources.filter(({ path }) => path.startsWith('console/src/') && !isView(path));

  expect(plain.length).toBeGreaterThan(5);
  expect(
    plain.filter(({ imports }) => imports.some((target) => /^(react|@react-|@tanstack\/react)/.test(target))),
  ).toEqual([]);
});

test('nine functions in ten have at most 30 lines', () => {
  const lengths = sources
    .filter(({ path }) => !path.startsWith('test/'))
    .flatMap(({ functions }) => functions.map(({ lines }) => lines))
    .sort((left, right) => left - right);

  expect(lengths[Math.floor(lengths.length * 0.9)] ?? 0).toBeLessThanOrEqual(30);
});

test('no module imports itself through others', () => {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports.filter((target) => /\.tsx?$/.test(target))]));
  expect(findCycle(graph)).toBeUndefined();
});

function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const target of graph.get(path) ?? []) {
      const cycle = walk(target, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of graph.keys()) {
    const cycle = walk(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}
