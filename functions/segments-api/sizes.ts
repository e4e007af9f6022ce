/** How many members definitions had when everybody was last counted. */
import type { SegmentDefinitionResource } from '#shared/api/segment-definitions.ts';
import { eachOf } from '#shared/kernel/concurrency.ts';
import type { SegmentPorts } from './ports.ts';

type Size = NonNullable<SegmentDefinitionResource['size']>;

const READS_AT_ONCE = 50;

/** By id; a definition that was never counted has none. */
export async function sizesOf(
  sandboxName: string,
  ids: readonly string[],
  { sizes, now }: Pick<SegmentPorts, 'sizes' | 'now'>,
): Promise<ReadonlyMap<string, Size>> {
  const found = new Map<string, Size>();
  await eachOf(ids, READS_AT_ONCE, async (id) => {
    const [newest] = await sizes.newest(sandboxName, id, 1);
    if (newest === undefined) return;
    const { at, members } = newest;
    const ageInSeconds = Math.max(0, Math.round((now() - at) / 1000));
    found.set(id, { members, exact: true, asOf: new Date(at).toISOString(), ageInSeconds });
  });
  return found;
}
