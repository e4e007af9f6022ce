/** The segments that the demo shows. Their windows are short, so that leaving by time is seen and not only promised. */
import type { ShoalClient } from '../client.ts';

const within = (eventType: string, seconds: number, more = '') =>
  `xEvent[eventType = "commerce.${eventType}"${more} and timestamp occurs <= ${seconds} seconds before now].count()`;

const LOOKED_AT_SHOES = within('productViews', 20, ' and web.webPageDetails.siteSection = "running shoes"');

export const SEGMENTS: ReadonlyMap<string, string> = new Map([
  ['forgot your running shoes', `${LOOKED_AT_SHOES} >= 1 and ${within('purchases', 60)} = 0`],
  ['cart left standing', `${within('productListAdds', 15)} >= 1 and ${within('purchases', 60)} = 0`],
  ['back for more', `${within('purchases', 60)} >= 2`],
]);

interface Definitions {
  readonly segments: readonly { readonly id: string; readonly name: string }[];
}

/** Creates those that an earlier run has not left behind. Returns their ids. */
export async function ensureSegments(client: ShoalClient): Promise<ReadonlySet<string>> {
  const { segments } = await client.request<Definitions>('GET', '/segment/definitions');
  const existing = new Map(segments.map(({ id, name }) => [name, id]));
  const ids = new Set<string>();
  for (const [name, pql] of SEGMENTS) ids.add(existing.get(name) ?? (await client.createDefinition(name, pql)));
  return ids;
}
