/** Links between profiles that were not followed, the newest of each profile and day an object. No identity is in them. */
import { S3Client } from '@aws-sdk/client-s3';
import type { RefusedLink, RefusedLinks } from '#shared/profile/profile-store.ts';
import type { Page, PageRequest, RefusedLinksOfDay } from '#shared/profile/set-aside.ts';
import { S3Objects } from './s3-objects.ts';

const SUFFIX = '.json';

const folderOf = (sandboxName: string, day: string) => `${sandboxName}/${day}/`;

export class S3RefusedLinks implements RefusedLinks, RefusedLinksOfDay {
  readonly #objects: S3Objects;

  constructor(bucket: string, client = new S3Client({})) {
    this.#objects = new S3Objects(bucket, 'refused-links/', client);
  }

  async put(link: RefusedLink): Promise<void> {
    const day = new Date(link.at).toISOString().slice(0, 10);
    await this.#objects.put(`${folderOf(link.sandboxName, day)}${link.profileId}${SUFFIX}`, link);
  }

  async ofDay(sandboxName: string, day: string, { after, limit }: PageRequest): Promise<Page<RefusedLink>> {
    const folder = folderOf(sandboxName, day);
    const request = { after: after === undefined ? undefined : `${folder}${after}${SUFFIX}`, limit };
    const { entries, next } = await this.#objects.list(folder, request);
    const texts = await this.#objects.readAll(entries.map(({ name }) => name));
    const idOf = (name: string) => name.slice(folder.length, -SUFFIX.length);
    return { entries: texts.map(([, text]) => JSON.parse(text) as RefusedLink), next: next && idOf(next) };
  }
}
