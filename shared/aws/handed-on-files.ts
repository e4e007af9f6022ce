/** Deliveries of destinations of kind `files`, and uploaded audiences: read, and written again without one person. */
import type { PersonalStore } from '#shared/privacy/erasure-job.ts';
import { withoutPersonInDelivery, withoutPersonInUpload } from '#shared/privacy/handed-on-files.ts';
import type { S3Objects } from './s3-objects.ts';

const PAGE = 1_000;
/** Held at once: a file of a delivery has up to a hundred changes. */
const READ_AT_ONCE = 25;

/** `objects`: under `deliveries/`. Of the newest days so many files are looked at, and older ones age out. */
export const deliveryFiles = (objects: S3Objects, filesMax: number): PersonalStore => ({
  name: 'delivery files',
  clear: async (person) => {
    let [changed, left] = [0, filesMax];
    for (const folder of await daysOf(objects, `${person.sandboxName}/`)) {
      for await (const names of pagesOf(objects, folder, () => left)) {
        left -= names.length;
        for (const [name, text] of await objects.readAll(names)) {
          const kept = withoutPersonInDelivery(text, person);
          if (kept === text) continue;
          await objects.putText(name, kept, 'application/x-ndjson');
          changed += 1;
        }
      }
    }
    return changed;
  },
});

/** `<sandbox>/<destination>/<day>/`, the newest day of any destination first; destinations that are gone included. */
async function daysOf(objects: S3Objects, sandbox: string): Promise<readonly string[]> {
  const days: { readonly day: string; readonly folder: string }[] = [];
  for (const destination of await allFolders(objects, sandbox)) {
    const folder = `${sandbox}${destination}/`;
    for (const day of await allFolders(objects, folder)) days.push({ day, folder: `${folder}${day}/` });
  }
  return days.sort((left, right) => (left.day < right.day ? 1 : -1)).map(({ folder }) => folder);
}

async function allFolders(objects: S3Objects, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after: string | undefined, isMore = true; isMore; ) {
    const { entries, next } = await objects.folders(folder, { after, limit: PAGE });
    found.push(...entries);
    [after, isMore] = [next, next !== undefined];
  }
  return found;
}

async function* pagesOf(objects: S3Objects, folder: string, left: () => number): AsyncGenerator<readonly string[]> {
  for (let after: string | undefined, isMore = true; isMore && left() > 0; ) {
    const { entries, next } = await objects.list(folder, { after, limit: Math.min(READ_AT_ONCE, left()) });
    if (entries.length > 0) yield entries.map(({ name }) => name);
    [after, isMore] = [next, next !== undefined];
  }
}

/** `objects`: under `jobs/`. One at a time, for each may have a hundred thousand rows. */
export const uploadedAudiences = (objects: S3Objects): PersonalStore => ({
  name: 'uploaded audiences',
  clear: async (person) => {
    let changed = 0;
    const folder = `${person.sandboxName}/upload/`;
    for (const upload of await allFolders(objects, folder)) {
      const name = `${folder}${upload}/members.json`;
      const text = await objects.read(name);
      const kept = text === undefined ? undefined : withoutPersonInUpload(text, person);
      if (kept === undefined || kept === text) continue;
      await objects.putText(name, kept, 'application/json');
      changed += 1;
    }
    return changed;
  },
});
