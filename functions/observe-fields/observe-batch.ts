/**
 * What happens to a batch of the event stream: each record is looked at, or a sample where there are many, and what was
 * seen is merged into the sketches of its sandbox. A shard's records are observed once: what was observed before is told
 * by the shard's progress, which is written last.
 */
import { deaggregate } from '#shared/aws/deaggregate.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { readStreamRecord } from '#shared/profile/stream-record.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import { RECORDS_PER_BATCH_OBSERVED } from '#shared/schema/limits.ts';
import {
  BatchObserver,
  isSampled,
  type ObservedItem,
  recordKey,
  sampleEvery,
} from '#shared/schema/observed/observe.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import { admitted } from './admit-fields.ts';
import { mergeFields } from './merge-fields.ts';
import type { ObservePorts, StreamRecord } from './ports.ts';

export interface BatchSummary {
  /** Different events and profile records that were not observed before. */
  readonly records: number;
  /** Of so many of them one was looked at. */
  readonly sampledEvery: number;
  readonly fields: number;
  /** Fields that the limit left out. */
  readonly leftOut: number;
}

interface Arrived {
  readonly item: ObservedItem;
  readonly arrival: number;
}

export async function observeBatch(records: readonly StreamRecord[], ports: ObservePorts): Promise<BatchSummary> {
  const fresh = await withoutObserved(records, ports);
  const items = differentItems(fresh);
  const every = sampleEvery(items.length, RECORDS_PER_BATCH_OBSERVED);
  const sample = items.filter(({ item }) => isSampled(item, every));
  const observer = new BatchObserver(await extensionsFor(sample, ports));
  for (const { item, arrival } of sample) observer.observe(item, arrival, every);
  const observed = observer.result();
  const kept = await admitted(observed, ports);
  await mergeFields(kept, ports);
  await putProgress(fresh, ports);
  return {
    records: items.length,
    sampledEvery: every,
    fields: kept.length,
    leftOut: observed.length - kept.length,
  };
}

async function withoutObserved(records: readonly StreamRecord[], { fields }: ObservePorts) {
  const shards = [...new Set(records.map(({ shardId }) => shardId))];
  const progress = await Promise.all(
    shards.map(async (shardId) => [shardId, await fields.findProgress(shardId)] as const),
  );
  const upTo = new Map(progress.map(([shardId, number]) => [shardId, BigInt(number ?? -1)]));
  return records.filter(({ shardId, sequenceNumber }) => BigInt(sequenceNumber) > (upTo.get(shardId) ?? -1n));
}

async function putProgress(records: readonly StreamRecord[], { fields, now }: ObservePorts): Promise<void> {
  const last = new Map(records.map(({ shardId, sequenceNumber }) => [shardId, sequenceNumber]));
  await Promise.all([...last].map(([shardId, number]) => fields.putProgress(shardId, number, now())));
}

/** Events and profile records, each once however often the batch holds it. What is neither has no fields. */
function differentItems(records: readonly StreamRecord[]): readonly Arrived[] {
  const items = new Map<string, Arrived>();
  for (const { data, arrival } of records) {
    for (const bytes of deaggregate(data)) {
      for (const item of readStreamRecord(bytes, arrival)) {
        if (item.kind === 'event' || item.kind === 'profile') items.set(recordKey(item), { item, arrival });
      }
    }
  }
  return [...items.values()];
}

async function extensionsFor(
  sample: readonly Arrived[],
  { schemas }: ObservePorts,
): Promise<ReadonlyMap<string, SchemaExtensions>> {
  const sandboxes = [...new Set(sample.map(({ item }) => item.sandboxName))];
  return new Map(
    await Promise.all(
      sandboxes.map(async (name) => [name, extensionsOf(await schemas.find(name as SandboxName))] as const),
    ),
  );
}
