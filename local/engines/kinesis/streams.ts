/** All streams of one runner, by name. */
import { arnOf } from '../../aws-account.ts';
import { AwsError } from '../aws-json.ts';
import { Stream } from './stream.ts';

/** What a new on-demand stream has in AWS. */
const ON_DEMAND_SHARDS = 4;

export class Streams {
  readonly #streams = new Map<string, Stream>();

  create(name: string, mode: 'PROVISIONED' | 'ON_DEMAND', shardCount?: number): Stream {
    if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) {
      throw new AwsError('ValidationException', `${name} is not a stream name`);
    }
    if (this.#streams.has(name)) throw new AwsError('ResourceInUseException', `Stream ${name} already exists`);
    const arn = arnOf('kinesis', `stream/${name}`);
    const stream = new Stream({ name, arn, mode, shardCount: shardCount ?? ON_DEMAND_SHARDS });
    this.#streams.set(name, stream);
    return stream;
  }

  /** Takes a stream of an earlier run. */
  adopt(stream: Stream): void {
    this.#streams.set(stream.settings.name, stream);
  }

  find(name: string): Stream {
    const stream = this.#streams.get(name);
    if (stream) return stream;
    throw new AwsError('ResourceNotFoundException', `Stream ${name} under account does not exist`);
  }

  has(name: string): boolean {
    return this.#streams.has(name);
  }

  list(): readonly Stream[] {
    return [...this.#streams.values()];
  }

  delete(stream: Stream): void {
    this.#streams.delete(stream.settings.name);
  }
}
