/** The models in use of a sandbox, made ready once and looked for again every minute. */
import { type CompiledSpecification, compileSpecification } from '#shared/propensity/compiled-specification.ts';
import type { PropensityInstance } from '#shared/propensity/instance.ts';
import type { PropensityFiles, PropensityStore } from '#shared/propensity/propensity-store.ts';
import { readModel, UnreadableModel } from '#shared/propensity/stored-model.ts';
import { ModelScorer, type StoredModel } from '#shared/propensity/trained-model.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';

export interface ReadyModel {
  readonly instanceId: string;
  readonly scorer: ModelScorer;
  readonly compiled: CompiledSpecification;
}

interface ModelPorts {
  readonly store: Pick<PropensityStore, 'listInstances'>;
  readonly files: Pick<PropensityFiles, 'read'>;
  readonly schemas: { extensions(sandboxName: string): Promise<SchemaExtensions> };
  readonly onUnreadable: (error: UnreadableModel) => void;
  readonly now: () => number;
}

interface Known {
  readonly at: number;
  readonly models: Promise<readonly ReadyModel[]>;
}

const FRESH_MS = 60_000;

export function readyModels(ports: ModelPorts): (sandboxName: string) => Promise<readonly ReadyModel[]> {
  const known = new Map<string, Known>();
  return (sandboxName) => {
    const current = known.get(sandboxName);
    if (current !== undefined && ports.now() - current.at < FRESH_MS) return current.models;
    const models = loadModels(sandboxName, ports);
    known.set(sandboxName, { at: ports.now(), models });
    models.catch(() => known.delete(sandboxName));
    return models;
  };
}

async function loadModels(sandboxName: string, ports: ModelPorts): Promise<readonly ReadyModel[]> {
  const instances = await ports.store.listInstances(sandboxName);
  const active = instances.filter(({ state, modelRunId }) => state === 'active' && modelRunId !== undefined);
  if (active.length === 0) return [];
  const schema = composedSchema(await ports.schemas.extensions(sandboxName));
  const loaded = await Promise.all(active.map((instance) => loadModel(instance, ports)));
  return loaded.flatMap(([instanceId, model]) => {
    const compiled = model && compileSpecification(model.specification, schema);
    return compiled?.ok
      ? [{ instanceId, scorer: new ModelScorer(model as StoredModel), compiled: compiled.value }]
      : [];
  });
}

/** One that can't be read holds up nobody else's scores; its own next run fails by it, and says why. */
async function loadModel({ sandboxName, id, modelRunId }: PropensityInstance, { files, onUnreadable }: ModelPorts) {
  try {
    return [id, await readModel(files, { sandboxName, instanceId: id, runId: modelRunId as string })] as const;
  } catch (error) {
    if (!(error instanceof UnreadableModel)) throw error;
    onUnreadable(error);
    return [id, undefined] as const;
  }
}
