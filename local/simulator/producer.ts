/** From what people do to records on the stream, in every form that the stream's format allows. */
import { aggregate } from './kpl-record.ts';
import type { Random } from './random.ts';
import type { ForgedWakeUp, Sent, SentIdentity, SentPoison } from './scenario.ts';

/** A record with what its reader must make of it. */
export interface Delivery {
  readonly data: Uint8Array;
  /** Events and profile records in it, each of which ends in exactly one count. */
  readonly counted: number;
  readonly poisoned: number;
}

export interface KeyedDelivery extends Delivery {
  readonly partitionKey: string;
}

const encode = (text: string) => new TextEncoder().encode(text);

/** The same items as any of their producers might send them: namespaces in any order, several items in a record. */
export function recordsOf(items: readonly Sent[], random: Random): readonly KeyedDelivery[] {
  const records: KeyedDelivery[] = [];
  for (let rest = items; rest.length > 0; ) {
    const count = random.chance(0.3) ? 1 + random.below(5) : 1;
    records.push(recordOf(rest.slice(0, count), random));
    rest = rest.slice(count);
  }
  return records;
}

const WAKE_UP = /^\{"recordType":"(timer|rebuild|batch|resync|erasure)"/;

/** A record that production made: JSON Lines. */
export function deliveryOf(data: Uint8Array): Delivery {
  const lines = new TextDecoder().decode(data).trim().split('\n');
  return { data, counted: lines.filter((line) => !WAKE_UP.test(line)).length, poisoned: 0 };
}

function recordOf(items: readonly Sent[], random: Random): KeyedDelivery {
  const texts = items.map((item) => (item.kind === 'poison' ? item.bytes : encode(textOf(item, random))));
  const poisoned = items.filter(({ kind }) => kind === 'poison').length;
  const counted = items.filter(({ kind }) => kind === 'event' || kind === 'profile').length;
  const partitionKey = partitionKeyOf(items[0] as Sent, random);
  return { data: pack(texts, poisoned > 0, partitionKey, random), counted, poisoned, partitionKey };
}

function pack(texts: readonly Uint8Array[], isPoisoned: boolean, partitionKey: string, random: Random): Uint8Array {
  const [first] = texts;
  if (random.chance(0.15) || (isPoisoned && texts.length > 1)) return aggregate(partitionKey, texts);
  if (texts.length === 1 && first !== undefined) return first;
  const lines = texts.map((text) => new TextDecoder().decode(text));
  return encode(random.chance(0.5) ? `[${lines.join(',')}]` : lines.join('\n'));
}

function textOf(item: Exclude<Sent, SentPoison>, random: Random): string {
  if (item.kind === 'forged') return forgedText(item);
  const identityMap = identityMapOf(item.identities, random);
  if (item.kind === 'event') return JSON.stringify({ ...item.event, identityMap });
  const { datasetId, timestamp, attributes } = item;
  return JSON.stringify({ recordType: 'profile', datasetId, timestamp, identityMap, attributes });
}

const forgedText = (_: ForgedWakeUp) => '{"recordType":"timer","profileId":"nobody-at-all"}';

function identityMapOf([primary, ...others]: readonly SentIdentity[], random: Random) {
  const entries = [{ ...primary, primary: true }, ...others.map((other) => ({ ...other, primary: false }))];
  if (random.chance(0.5)) entries.reverse();
  const groups = Map.groupBy(entries, ({ namespace }) => namespace as string);
  return Object.fromEntries(
    [...groups].map(([namespace, group]) => [
      namespace,
      group.map(({ id, primary: isPrimary }) => ({ id, primary: isPrimary })),
    ]),
  );
}

/** Mostly by an identity, as it should be; nothing may rely on it. */
function partitionKeyOf(item: Sent, random: Random): string {
  if (!('identities' in item) || random.chance(0.1)) return String(random.below(1000));
  return random.pick(item.identities).id;
}
