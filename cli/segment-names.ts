/** People know a definition by its name; the API knows it by its id. */
import { listSegmentDefinitions } from '#shared/api/operations/segment-definitions.ts';
import { CommandFailure, type Shell } from './shell.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function segmentId(idOrName: string, { api }: Pick<Shell, 'api'>): Promise<string> {
  if (UUID.test(idOrName)) return idOrName.toLowerCase();
  const name = idOrName.normalize('NFC');
  const search = name.slice(0, 200);
  for (let start = 0; ; start += 500) {
    const { body } = await api.call(listSegmentDefinitions, { query: { search, start, limit: 500 } });
    const found = body.segments.find((definition) => definition.name === name);
    if (found !== undefined) return found.id;
    if (body.link.next === undefined) throw new CommandFailure(`No definition of this sandbox has the name ${name}.`);
  }
}

/** `Email:ann@example.com`. */
export function identityOf(given: string): { readonly entityId: string; readonly entityIdNS: string } {
  const at = given.indexOf(':');
  if (at < 1 || at === given.length - 1) {
    throw new CommandFailure(`${given}: a person is a namespace and an id, for instance Email:ann@example.com`);
  }
  return { entityIdNS: given.slice(0, at), entityId: given.slice(at + 1) };
}
