/** `POST /segment/definitions/validate`: all that could be said of a definition before it is one. Nothing is stored. */
import { asksForScheduleOnly, evaluationInfoOf } from '#shared/api/evaluation-info.ts';
import type { validateSegmentDefinition } from '#shared/api/operations/segment-definitions.ts';
import { Problem } from '#shared/api/problem.ts';
import type { ValidateDefinition, ValidatedDefinition } from '#shared/api/segment-expressions.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { estimate } from '#shared/pql/incremental/estimate.ts';
import { type Checked, dependencies } from '#shared/pql/index.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import { computedTable } from '#shared/segment/computed-table.ts';
import { LEAF_BYTES_MAX } from '#shared/segment/leaf-rows.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import type { SegmentEntry } from '#shared/segment/segment-entry.ts';
import { type CheckedExpression, checkExpression, declaredFor, planOf, type Written } from './check-expression.ts';
import { jsonOf } from './convert-expression.ts';
import { requireKnownPolicy } from './known-policy.ts';
import { knownSchema } from './known-schema.ts';
import type { SegmentPorts } from './ports.ts';
import { requireResolvable, resolve } from './segment-references.ts';

/** What would refuse a change is listed here instead. */
interface Objections {
  readonly problems: ValidatedDefinition['problems'];
  readonly diagnostics: Diagnostic[];
}

export async function validateDefinition(
  { body, sandbox }: OperationRequest<typeof validateSegmentDefinition>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const objections: Objections = { problems: [], diagnostics: [] };
  const rules = await currentRules(sandbox, ports);
  const extensions = extensionsOf(await ports.schemas.find(sandbox));
  const schema = await knownSchema(sandbox, extensions, ports);
  const computed = computedTable(rules?.computed);
  const declared = heed(objections, () => declaredFor(body.expression, extensions));
  const written = { ...body, ...declared };
  const found =
    declared && heed(objections, () => checkExpression(written, { retentionMs: ports.retentionMs, schema, computed }));
  objections.diagnostics.push(...(found?.diagnostics ?? []));
  heed(objections, () => requireKnownPolicy(body.mergePolicyId, rules));
  const described = found?.checked && (await describe(written, found, { sandbox, rules, ports, objections }));
  const { problems, diagnostics } = objections;
  const valid = described !== undefined && problems.length === 0;
  return { status: 200, body: { valid, diagnostics, problems, ...described } satisfies ValidatedDefinition };
}

interface Surroundings {
  readonly sandbox: SandboxName;
  readonly rules: RulesArtifact | undefined;
  readonly ports: SegmentPorts;
  readonly objections: Objections;
}

async function describe(
  body: Written & ValidateDefinition,
  { text, checked }: CheckedExpression,
  { sandbox, rules, ports, objections }: Surroundings,
): Promise<Partial<ValidatedDefinition>> {
  const { id = '', name = '', evaluationInfo = {} } = body;
  heed(objections, () => requireResolvable({ id, name, expression: text }, rules));
  const { plan } = planOf(text, body, computedTable(rules?.computed));
  const { evaluationClass, reasons } = plan;
  const { stateBytes, evaluatedOn, readsHistory } = estimate(plan, LEAF_BYTES_MAX);
  const kind = asksForScheduleOnly(evaluationInfo) ? ('scheduled' as const) : undefined;
  const entries = await ports.segments.list(sandbox);
  return {
    expression: { text, json: jsonOf(text) },
    evaluationInfo: evaluationInfoOf({ evaluation: { evaluationClass, reasons }, kind, lifecycleState: 'draft' }),
    dependencies: dependenciesOf(checked as Checked, entries),
    estimate: {
      stateBytes,
      evaluatedOn,
      readsHistory,
      writeUnits: { typical: stateBytes.typical / WRITE_UNIT_BYTES, most: stateBytes.most / WRITE_UNIT_BYTES },
    },
  };
}

const WRITE_UNIT_BYTES = 1024;

function dependenciesOf(checked: Checked, entries: readonly SegmentEntry[]): ValidatedDefinition['dependencies'] {
  const { attributes, eventTypes, eventFields, segments } = dependencies(checked);
  return {
    attributes,
    eventTypes,
    eventFields,
    segments: segments.map((reference) => {
      const entry = resolve(reference, entries);
      if (entry === undefined) return { reference };
      return { reference, id: entry.id, name: entry.name, lifecycleState: entry.lifecycleState };
    }),
  };
}

async function currentRules(sandbox: SandboxName, { segments, artifacts }: SegmentPorts) {
  const pointer = await segments.findRules(sandbox);
  return pointer && artifacts.get(pointer.artifactKey);
}

function heed<Value>({ problems, diagnostics }: Objections, act: () => Value): Value | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, message, details } = error;
    const { mistakes = [] } = details;
    diagnostics.push(...(details.diagnostics ?? []));
    if (details.diagnostics === undefined && mistakes.length === 0) problems.push({ code, message });
    problems.push(...mistakes.map((mistake) => ({ code, ...mistake })));
    return undefined;
  }
}
