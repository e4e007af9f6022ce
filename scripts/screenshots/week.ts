/**
 * A week of the shop in a minute: the service starts on each of its days, takes what happened since, and counts everybody.
 * The last start is by the machine's clock, so the pictures show today.
 */
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { customerRecord } from '#local/demo/shop.ts';
import type { SegmentJobResource } from '#shared/api/segment-jobs.ts';
import { seededRandom } from '#shared/kernel/seeded-random.ts';
import { customers } from './people.ts';
import { RUNNING_SHOES, SEGMENTS, type Shown, VIP } from './segments.ts';
import { type ShopEvent, visitsOf } from './visits.ts';

const SEED = 20_261_123;
const PEOPLE = 2_000;
const HISTORY_DAYS = 100;
const DAYS = 7;
const DAY_MS = 86_400_000;
const EVENTS_PER_RECORD = 50;

type Print = (line: string) => void;

export interface Shop {
  readonly runner: ChildRunner;
  readonly client: ShoalClient;
  /** By name. */
  readonly segments: ReadonlyMap<string, string>;
  readonly model: string;
}

export async function liveThroughAWeek(dataFolder: string, print: Print): Promise<Shop> {
  const now = Date.now();
  const people = peopleUntil(now);
  const segments = new Map<string, string>();
  for (let day = DAYS; ; day--) {
    const clock = day === 0 ? [] : ['--clock', new Date(now - day * DAY_MS).toISOString()];
    const runner = await startChildRunner({ options: ['--no-demo', '--data', dataFolder, ...clock] });
    const client = new ShoalClient(runner.local);
    try {
      await liveThroughADay(day, now, { client, people, segments });
    } catch (error) {
      await runner.stop();
      throw error;
    }
    print(day === 0 ? 'today' : `${day} days ago`);
    if (day === 0) return { runner, client, segments, model: MODEL.id };
    client.close();
    await runner.stop();
  }
}

interface Person {
  readonly email: string;
  readonly record: unknown;
  readonly events: readonly ShopEvent[];
}

function peopleUntil(end: number): readonly Person[] {
  const random = seededRandom(SEED).next;
  return customers(PEOPLE, HISTORY_DAYS, random).map((customer) => ({
    email: customer.email,
    record: customerRecord(customer, random),
    events: visitsOf(customer, end, random),
  }));
}

interface Day {
  readonly client: ShoalClient;
  readonly people: readonly Person[];
  /** Filled on the first day. */
  readonly segments: Map<string, string>;
}

async function liveThroughADay(day: number, now: number, { client, people, segments }: Day): Promise<void> {
  const isFirst = day === DAYS;
  const until = now - day * DAY_MS;
  const from = isFirst ? 0 : until - DAY_MS;
  const isOfToday = ({ timestamp }: ShopEvent) => Date.parse(timestamp) >= from && Date.parse(timestamp) < until;
  if (isFirst)
    await putAll(
      client,
      people.map(({ email, record }) => [email, [record]]),
    );
  await putAll(
    client,
    people.map(({ email, events }) => [email, events.filter(isOfToday)]),
  );
  if (isFirst) for (const shown of SEGMENTS) segments.set(shown.name, await create(client, shown));
  await editOn(day, client, segments);
  await client.untilIdle();
  await countEverybody(client);
  if (isFirst || day === 0) await foretell(client, isFirst);
}

type OfPerson = readonly [email: string, items: readonly unknown[]];

async function putAll(client: ShoalClient, people: readonly OfPerson[]): Promise<void> {
  const records = people.flatMap(([partitionKey, items]) =>
    Array.from({ length: Math.ceil(items.length / EVENTS_PER_RECORD) }, (_, index) => ({
      partitionKey,
      body: items.slice(index * EVENTS_PER_RECORD, (index + 1) * EVENTS_PER_RECORD),
    })),
  );
  if (records.length > 0) await client.put(records);
}

interface Made {
  readonly id: string;
}

async function create(client: ShoalClient, { pql, lifecycleState, ...shown }: Shown): Promise<string> {
  const first = lifecycleState === 'draft' ? { lifecycleState } : {};
  const schema = { name: '_xdm.context.profile' };
  const body = { ...shown, schema, expression: expressionOf(pql), ...first };
  const { id } = await client.request<Made>('POST', '/segment/definitions', body);
  if (lifecycleState === 'inactive') await edit(client, id, { lifecycleState, note: 'The sale is over' });
  return id;
}

const expressionOf = (value: string) => ({ type: 'PQL', format: 'pql/text', value });
const edit = (client: ShoalClient, id: string | undefined, body: object) =>
  client.request('PATCH', `/segment/definitions/${id}`, body);

/** What the shop's people do on a day of the week before they look at the numbers. */
async function editOn(day: number, client: ShoalClient, segments: ReadonlyMap<string, string>): Promise<void> {
  const shoes = segments.get(RUNNING_SHOES.name);
  const { pql } = RUNNING_SHOES;
  if (day === 5) {
    const shorter = expressionOf(pql.replaceAll('30 days', '14 days'));
    await edit(client, shoes, { expression: shorter, note: 'Shorter window for the sale' });
  }
  if (day === 4) await edit(client, shoes, { expression: expressionOf(pql), note: 'Too few were left' });
  if (day === 2) await edit(client, segments.get(VIP.name), { description: 'Invited to the evening at the shop' });
  if (day !== 1) return;
  const told = { identityNamespaces: ['Email'], segments: [shoes] };
  await client.request('POST', '/destinations', { name: 'Letters', target: { kind: 'files' }, ...told });
}

const MODEL = {
  id: 'buysSoon',
  displayName: 'Buys in the next 30 days',
  description: 'Whom a letter is worth',
  type: 'conversion',
  goal: { occurrence: 'will', conditions: ['eventType = "commerce.purchases"'], windowDays: 30 },
  profileAttributes: ['loyalty.tier', 'loyalty.points'],
  state: 'active',
};

/** A model of who buys: trained at the beginning of the week and again at its end. */
async function foretell(client: ShoalClient, isNew: boolean): Promise<void> {
  if (isNew) await client.request('POST', '/propensity/instances', MODEL);
  const runs = `/propensity/instances/${MODEL.id}/runs`;
  const { id } = await client.request<Made>('POST', runs, { kind: 'train' });
  await untilDone('the training', () => client.request('GET', `${runs}/${id}`));
}

async function countEverybody(client: ShoalClient): Promise<void> {
  const { id } = await client.request<SegmentJobResource>('POST', '/segment/jobs', [{ segmentId: '*' }]);
  await untilDone('the job that counts everybody', () => client.request('GET', `/segment/jobs/${id}`));
}

async function untilDone(what: string, look: () => Promise<{ readonly status: string }>): Promise<void> {
  for (;;) {
    const answer = await look();
    const status = answer.status.toUpperCase();
    if (status === 'SUCCEEDED') return;
    if (status === 'FAILED' || status === 'CANCELLED') throw new Error(`${what} is ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
