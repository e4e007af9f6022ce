/** All that is kept of a person, as one file for whoever asks what is known of them. */
import type { ProfileView } from '#shared/api/entities.ts';
import type { ApiClient } from '../api-client.ts';
import type { Person } from './recent-people.ts';

const EVENTS_A_CALL = 1_000;

export async function readWholeProfile(api: ApiClient, { ns, id }: Person): Promise<ProfileView> {
  const ask = (start: number) =>
    api.request<ProfileView>('GET', '/access/entities', {
      query: { entityId: id, entityIdNS: ns, start, limit: EVENTS_A_CALL },
    });
  const first = await ask(0);
  const events = [...first.events];
  for (let next = first.page.next; next !== null; ) {
    const { events: more, page } = await ask(next);
    events.push(...more);
    next = page.next;
  }
  return { ...first, events };
}

export function saveAsFile(name: string, content: unknown): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
