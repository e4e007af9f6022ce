/**
 * Run when you want to see propensity on real input: what 23,570 customers bought before 1998 goes through Kinesis, a model
 * foretells who buys in the 90 days after, a segment takes the highest bucket, and what then happened judges both.
 * `npm run foretell -- --cdnow FILE`
 */
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { PropensityInsights, PropensityRunResource } from '#shared/api/propensity.ts';
import { byCustomer, type Purchase, readPurchases } from './cdnow/purchases.ts';
import { sendPurchases } from './cdnow/send-purchases.ts';

const CUTOFF = '1998-01-01T00:00:00Z';
const WINDOW_DAYS = 90;
const DAY_MS = 86_400_000;
const ID = 'will_purchase';
/** A high bucket that buys at less than this many times the average rate has foretold nothing. */
const LIFT_MIN = 2;

const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { cdnow } = parseArgs({ options: { cdnow: { type: 'string' } } }).values;
  if (cdnow === undefined) {
    print('usage: npm run foretell -- --cdnow CDNOW_master.txt');
    return 2;
  }
  if (!existsSync(cdnow)) {
    print(`skipped: ${cdnow} is not there`);
    return 0;
  }
  const runner = await startChildRunner({ options: ['--no-demo', '--clock', CUTOFF], onLine: print });
  const client = new ShoalClient(runner.local);
  try {
    return await foretell(client, readPurchases(cdnow));
  } finally {
    client.close();
    await runner.stop();
  }
}

async function foretell(client: ShoalClient, purchases: readonly Purchase[]): Promise<number> {
  const cutoff = Date.parse(CUTOFF);
  await sendPurchases(
    client,
    purchases.filter(({ time }) => time < cutoff),
  );
  await client.untilIdle();
  const run = await train(client);
  print(describe(run));
  const { buckets } = await client.request<PropensityInsights>('GET', `/propensity/instances/${ID}/insights`);
  print(
    `high: ${buckets.high.topFactors
      .map(({ name }) => name)
      .slice(0, 3)
      .join('; ')}`,
  );
  const members = await membersOf(client, `propensity.${ID}.bucket = "high"`);
  return judge(members, purchases, cutoff);
}

async function train(client: ShoalClient): Promise<PropensityRunResource> {
  const goal = { occurrence: 'will', conditions: ['eventType = "commerce.purchases"'], windowDays: WINDOW_DAYS };
  await client.request('POST', '/propensity/instances', {
    id: ID,
    displayName: 'Buys in 90 days',
    type: 'conversion',
    goal,
  });
  const path = `/propensity/instances/${ID}/runs`;
  let run = await client.request<PropensityRunResource>('POST', path, { kind: 'train' });
  print(`run ${run.id} began`);
  while (run.status === 'NEW' || run.status === 'PROCESSING') {
    await pause(500);
    run = await client.request('GET', `${path}/${run.id}`);
  }
  if (run.status !== 'SUCCEEDED') throw new Error(`the run is ${run.status}: ${run.errorCode} ${run.message}`);
  return run;
}

function describe({ model, scores }: PropensityRunResource): string {
  if (model === undefined || scores === undefined) throw new Error('the run made no model, or scored nobody');
  const { areaUnderCurve, evaluationKind, promoted } = model;
  const of = `${scores.high} high, ${scores.medium} medium, ${scores.low} low of ${scores.people}`;
  return `area under the curve ${areaUnderCurve.toFixed(3)} (${evaluationKind}), ${promoted ? 'in use' : 'not used'}: ${of}`;
}

/** Customers, by the feed: who entered and did not leave. */
async function membersOf(client: ShoalClient, pql: string): Promise<ReadonlySet<string>> {
  const { next } = await client.allChanges();
  const segmentId = await client.createDefinition('High propensity to buy', pql);
  // The walk after a publish takes the segment to people whom no event touches.
  const isDone = async () => {
    const { evaluationInfo } = await client.request<{ evaluationInfo: { continuous: { state?: string } } }>(
      'GET',
      `/segment/definitions/${segmentId}`,
    );
    return evaluationInfo.continuous.state === 'active';
  };
  while (!(await isDone())) await pause(1_000);
  await client.untilIdle();
  const { changes } = await client.allChanges(next);
  const members = new Set<string>();
  for (const { segmentId: of, status, identities } of changes) {
    if (of !== segmentId) continue;
    for (const { id } of identities) members[status === 'realized' ? 'add' : 'delete'](id);
  }
  return members;
}

function judge(members: ReadonlySet<string>, purchases: readonly Purchase[], cutoff: number): number {
  const until = cutoff + WINDOW_DAYS * DAY_MS;
  const known = [...byCustomer(purchases.filter(({ time }) => time < cutoff)).keys()];
  const bought = new Set(
    purchases.filter(({ time }) => time >= cutoff && time < until).map(({ customerId }) => customerId),
  );
  const rateOf = (people: readonly string[]) => people.filter((id) => bought.has(id)).length / people.length;
  const [average, high] = [rateOf(known), rateOf([...members])];
  const lift = high / average;
  print(
    `of ${known.length} customers ${percent(average)} bought in the ${WINDOW_DAYS} days after; of the ${members.size} members ${percent(high)}`,
  );
  print(`lift ${lift.toFixed(2)}`);
  return lift >= LIFT_MIN ? 0 : 1;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

process.exitCode = await main();
