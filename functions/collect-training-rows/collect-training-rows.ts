/** Rows of a training set from the people of a part of the table, kept in the bucket until somebody learns from them. */

import { invariant } from '#shared/kernel/invariant.ts';
import { type CompiledSpecification, compileSpecification } from '#shared/propensity/compiled-specification.ts';
import { type PeoplePorts, readPeople } from '#shared/propensity/known-people.ts';
import { type PropensityFiles, type PropensityStore, runFile } from '#shared/propensity/propensity-store.ts';
import { isOpenRun, type RunKey, type RunPlan } from '#shared/propensity/run.ts';
import { allCutoffs, isSampled, type KeptRow, type RowsPart, rowsOfPerson } from '#shared/propensity/training-rows.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface CollectPorts extends PeoplePorts {
  readonly store: Pick<PropensityStore, 'findRun'>;
  readonly files: PropensityFiles;
  readonly rules: RulesStore;
  readonly schemas: { extensions(sandboxName: string): Promise<SchemaExtensions> };
  readonly retentionMs: number;
}

export interface CollectInput extends RunKey {
  /** Segments of the table: from this one up to but not including the other. */
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

export interface CollectOutput {
  readonly rows: number;
}

/** A segment's rows are a file: whoever collects it again writes the same. */
export async function collectTrainingRows(input: CollectInput, ports: CollectPorts): Promise<CollectOutput> {
  const plan = (await ports.files.read(runFile.plan(input))) as RunPlan | undefined;
  invariant(plan, `run ${input.runId} has no plan`);
  const compiled = await compiledFor(input.sandboxName, plan, ports);
  if (compiled === undefined || plan.cutoffs === undefined) return { rows: 0 };
  let rows = 0;
  for (let segment = input.from; segment < input.to; segment++) {
    const run = await ports.store.findRun(input);
    if (run === undefined || !isOpenRun(run)) return { rows };
    rows += await collectSegment({ ...input, segment }, plan, compiled, ports);
  }
  return { rows };
}

/** A specification that no longer compiles is told of by whoever trains, who reads no rows then. */
async function compiledFor(sandboxName: string, { specification }: RunPlan, { schemas }: CollectPorts) {
  const schema = composedSchema(await schemas.extensions(sandboxName));
  const compiled = compileSpecification(specification, schema);
  return compiled.ok ? compiled.value : undefined;
}

async function collectSegment(
  { segment, of, ...input }: CollectInput & { readonly segment: number },
  plan: RunPlan,
  compiled: CompiledSpecification,
  ports: CollectPorts,
): Promise<number> {
  const instant = {
    rules: await ports.rules.current(input.sandboxName),
    now: plan.asOf,
    retentionMs: ports.retentionMs,
  };
  const isWanted = (profileId: string) => isSampled(profileId, plan);
  const { people } = await readPeople(input.sandboxName, { number: segment, of }, ports, instant, isWanted);
  const cutoffs = plan.cutoffs === undefined ? [] : allCutoffs(plan.cutoffs);
  const rows: KeptRow[] = people.flatMap(({ key, person }) => rowsOfPerson(key.profileId, person, compiled, cutoffs));
  const part: RowsPart = { format: 1, rows };
  await ports.files.put(runFile.rows(input, segment, 0), part);
  return rows.length;
}
