/** Sketches of a batch into those that are kept, each on condition that nobody else merged meanwhile. */
import { eachOf } from '#shared/kernel/concurrency.ts';
import { FieldSketch } from '#shared/schema/observed/field-sketch.ts';
import type { FieldKey, StoredField } from '#shared/schema/observed/field-store.ts';
import type { Observed } from '#shared/schema/observed/observe.ts';
import type { ObservePorts } from './ports.ts';

const WRITES_AT_ONCE = 16;
const ATTEMPTS_MAX = 12;

export async function mergeFields(observed: readonly Observed[], ports: ObservePorts): Promise<void> {
  const stored = new Map((await ports.fields.findMany(observed)).map((field) => [keyText(field), field]));
  await eachOf(observed, WRITES_AT_ONCE, (field) => mergeField(field, stored.get(keyText(field)), ports));
}

async function mergeField(observed: Observed, stored: StoredField | undefined, ports: ObservePorts): Promise<void> {
  let known = stored;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    if (await ports.fields.put(merged(observed, known))) return;
    await ports.pause(attempt);
    [known] = await ports.fields.findMany([observed]);
  }
  throw new Error(`a field was written by others at each of ${ATTEMPTS_MAX} attempts`);
}

function merged({ sketch, ...key }: Observed, known: StoredField | undefined): StoredField {
  // Never into the batch's own sketch: at a conflict it is merged once more.
  const whole = FieldSketch.fromBytes(known === undefined ? sketch.toBytes() : known.sketch.toBytes());
  if (known !== undefined) whole.merge(sketch);
  return { ...key, sketch: whole, version: (known?.version ?? 0) + 1 };
}

const keyText = ({ sandboxName, subject, path }: FieldKey) => JSON.stringify([sandboxName, subject, path]);
