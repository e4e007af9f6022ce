/** A synthesized cloud assembly: its stacks in the order of their dependencies, and the folders of their assets. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
}

export interface StackTemplate {
  readonly name: string;
  readonly template: Template;
}

export interface Assembly {
  readonly stacks: readonly StackTemplate[];
  /** Folder or file of an asset, by the object key that the template names. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
    readonly directoryName?: string;
  };
}

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

export function readAssembly(folder: string): Assembly {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) throw new Error(`${folder} holds no cloud assembly: manifest.json is missing`);
  const { artifacts } = readJson(file) as { artifacts: Record<string, Artifact> };
  const stacks: StackTemplate[] = [];
  const assets = new Map<string, string>();
  for (const name of inOrder(artifacts)) {
    const { type, properties = {} } = artifacts[name] as Artifact;
    if (type === 'aws:cloudformation:stack') {
      const template = readJson(join(folder, properties.templateFile ?? '')) as Template;
      stacks.push({ name: properties.stackName ?? name, template });
    } else if (type === 'cdk:asset-manifest') {
      readAssets(folder, properties.file ?? '', assets);
    } else if (type === 'cdk:cloud-assembly') {
      const nested = readAssembly(join(folder, properties.directoryName ?? ''));
      stacks.push(...nested.stacks);
      for (const [key, path] of nested.assets) assets.set(key, path);
    }
  }
  return { stacks, assets };
}

function readAssets(folder: string, file: string, assets: Map<string, string>): void {
  const { files } = readJson(join(folder, file)) as AssetManifest;
  for (const { source, destinations } of Object.values(files)) {
    for (const { objectKey } of Object.values(destinations)) {
      if (source.path !== undefined) assets.set(objectKey, join(folder, source.path));
    }
  }
}

/** Every artifact after those that it depends on. */
function inOrder(artifacts: Readonly<Record<string, Artifact>>): readonly string[] {
  const ordered = new Set<string>();
  const visit = (name: string) => {
    if (ordered.has(name)) return;
    for (const dependency of artifacts[name]?.dependencies ?? []) visit(dependency);
    if (artifacts[name]) ordered.add(name);
  };
  for (const name of Object.keys(artifacts)) visit(name);
  return [...ordered];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
