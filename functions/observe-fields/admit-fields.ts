/** Which of the observed fields are kept: those that are known, and new ones as long as the limit has room. */
import { invariant } from '#shared/kernel/invariant.ts';
import { OBSERVED_EVENT_TYPES_MAX, OBSERVED_FIELDS_MAX } from '#shared/schema/limits.ts';
import type { FieldIndex } from '#shared/schema/observed/field-store.ts';
import type { Observed, Subject } from '#shared/schema/observed/observe.ts';
import type { ObservePorts } from './ports.ts';

const ATTEMPTS_MAX = 12;

const LIMITS: Readonly<Record<Subject, number>> = {
  profile: OBSERVED_FIELDS_MAX,
  event: OBSERVED_FIELDS_MAX,
  eventType: OBSERVED_EVENT_TYPES_MAX,
};

export async function admitted(observed: readonly Observed[], ports: ObservePorts): Promise<readonly Observed[]> {
  const groups = Map.groupBy(observed, ({ sandboxName, subject }) => `${sandboxName}#${subject}`);
  return (await Promise.all([...groups.values()].map((group) => admittedOf(group, ports)))).flat();
}

async function admittedOf(group: readonly Observed[], ports: ObservePorts): Promise<readonly Observed[]> {
  const [{ sandboxName, subject }] = group as [Observed, ...Observed[]];
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 1) await ports.pause(attempt);
    const index = await ports.fields.findIndex(sandboxName, subject);
    const next = indexWith(index, group, LIMITS[subject], ports.now());
    const isKept = next === index || (await ports.fields.putIndex(sandboxName, subject, next));
    if (!isKept) continue;
    const known = new Set(next.paths);
    return group.filter(({ path }) => known.has(path));
  }
  invariant(false, `the fields of ${sandboxName} are written too often at once`);
}

/** The same index where it says all there is to say. */
function indexWith(index: FieldIndex, group: readonly Observed[], limit: number, now: number): FieldIndex {
  const known = new Set(index.paths);
  const added = group.map(({ path }) => path).filter((path) => !known.has(path));
  const room = added.slice(0, Math.max(0, limit - known.size));
  const isFull = room.length < added.length;
  if (room.length === 0 && (!isFull || index.fullSince !== undefined)) return index;
  return {
    version: index.version + 1,
    paths: [...index.paths, ...room],
    ...(isFull || index.fullSince !== undefined ? { fullSince: index.fullSince ?? now } : {}),
  };
}
