/** What is asked of a destination, held to what there is and to what fields may be used for. */
import type { Destination, DestinationTarget } from '#shared/activation/destination.ts';
import { problemOfUrl } from '#shared/activation/public-address.ts';
import { describeRestriction, type Restriction, restrictionsOf } from '#shared/activation/usage-restrictions.ts';
import { type Mistake, Problem } from '#shared/api/problem.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import type { DestinationPorts } from './ports.ts';

/** The version of the rules that it was held to. */
export async function checkDestination(destination: Destination, ports: DestinationPorts): Promise<number> {
  const rules = await ports.rules.current(destination.sandboxName);
  const mistakes = [...targetMistakes(destination.target, ports), ...referenceMistakes(destination, rules)];
  if (mistakes.length > 0)
    throw new Problem('invalid-request', 'The destination can’t be as it is asked for.', { mistakes });
  await requireUnrestricted(destination, ports);
  return rules.artifact.rulesVersion;
}

function targetMistakes(
  target: DestinationTarget,
  { streams, queues, webhooks }: DestinationPorts,
): readonly Mistake[] {
  if (target.kind === 'webhook') {
    const problem = problemOfUrl(target.url, webhooks);
    return problem === undefined ? [] : [{ pointer: '/target/url', message: `the address ${problem}` }];
  }
  if (target.kind === 'kinesis' && !streams.includes(target.streamName)) {
    return [{ pointer: '/target/streamName', message: notAllowed('destinationStreams', streams) }];
  }
  if (target.kind === 'sqs' && !queues.includes(target.queueName)) {
    return [{ pointer: '/target/queueName', message: notAllowed('destinationQueues', queues) }];
  }
  return [];
}

const notAllowed = (setting: string, names: readonly string[]) =>
  `is not among what the stage setting ${setting} allows: ${names.join(', ') || 'nothing'}`;

function referenceMistakes({ segments, mergePolicyId }: Destination, rules: CompiledRules): readonly Mistake[] {
  const known = new Set(rules.artifact.definitions.map(({ id }) => id));
  const named = segments === 'all' ? [] : segments;
  const unknown = named.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/segments/${index}`, message: `no published definition has the id ${id}` }],
  );
  if (mergePolicyId === undefined || rules.hasMergePolicy(mergePolicyId)) return unknown;
  return [...unknown, { pointer: '/mergePolicyId', message: `no merge policy has the id ${mergePolicyId}` }];
}

export async function readRestrictions(
  destination: Destination,
  { rules, schemas }: Pick<DestinationPorts, 'rules' | 'schemas'>,
): Promise<readonly Restriction[]> {
  const { sandboxName } = destination;
  const [current, declared] = await Promise.all([rules.current(sandboxName), schemas.find(sandboxName as SandboxName)]);
  return restrictionsOf(destination, {
    definitions: current.artifact.definitions,
    computed: current.computed,
    extensions: extensionsOf(declared),
  });
}

async function requireUnrestricted(destination: Destination, ports: DestinationPorts): Promise<void> {
  const restrictions = await readRestrictions(destination, ports);
  if (restrictions.length === 0) return;
  const mistakes = restrictions.slice(0, 100).map((restriction) => ({
    pointer: pointerOf(destination, restriction),
    message: describeRestriction(restriction),
  }));
  const [first] = mistakes;
  throw new Problem('field-restricted', `A usage label forbids it: ${first?.message}.`, { mistakes });
}

function pointerOf({ segments, attributes }: Destination, { field, segment }: Restriction): string {
  if (segment !== undefined) return segments === 'all' ? '/segments' : `/segments/${segments.indexOf(segment.id)}`;
  const index = attributes.findIndex((path) => field === path || field.startsWith(`${path}.`));
  return index < 0 ? '/identityNamespaces' : `/attributes/${index}`;
}
