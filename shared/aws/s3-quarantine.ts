/** Records that could not be read, each an object with its reason, by the day of their arrival. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Quarantine, RejectedRecord } from '#shared/profile/profile-store.ts';
import type { Page, PageRequest, RejectedRecords } from '#shared/profile/set-aside.ts';
import { S3Objects } from './s3-objects.ts';

const SUFFIX = '.json';
const nameOf = (id: string) => `${id}${SUFFIX}`;

interface StoredRecord {
  readonly reason: string;
  readonly arrivedAt: string;
  readonly record: string;
}

export class S3Quarantine implements Quarantine, RejectedRecords {
  readonly #objects: S3Objects;

  constructor(bucket: string, client = new S3Client({})) {
    this.#objects = new S3Objects(bucket, 'quarantine/', client);
  }

  async put({ id, reason, text, arrival }: RejectedRecord): Promise<void> {
    const arrivedAt = new Date(arrival).toISOString();
    const content: StoredRecord = { reason, arrivedAt, record: text };
    await this.#objects.put(nameOf(`${arrivedAt.slice(0, 10)}/${id}`), content);
  }

  async ofDay(day: string, { after, limit }: PageRequest): Promise<Page<RejectedRecord>> {
    const request = { after: after === undefined ? undefined : nameOf(after), limit };
    const { entries, next } = await this.#objects.list(`${day}/`, request);
    const texts = await this.#objects.readAll(entries.map(({ name }) => name));
    return { entries: texts.map(([name, text]) => recordOf(idOf(name), text)), next: next && idOf(next) };
  }

  async find(id: string): Promise<RejectedRecord | undefined> {
    const text = await this.#objects.read(nameOf(id));
    return text === undefined ? undefined : recordOf(id, text);
  }

  remove(id: string): Promise<void> {
    return this.#objects.remove([nameOf(id)]);
  }
}

const idOf = (name: string) => name.slice(0, -SUFFIX.length);

function recordOf(id: string, content: string): RejectedRecord {
  const { reason, arrivedAt, record } = JSON.parse(content) as StoredRecord;
  return { id, reason, text: record, arrival: Date.parse(arrivedAt) };
}
