/** Reads of the service on this machine, one after the other: a profile, and pages of definitions, few and many. */
import type { ShoalClient } from '#local/client.ts';
import { quantiles } from '../measure.ts';

const PROFILE_READS = 200;
const LIST_READS = 30;
const WARM_UP = 5;
const FEW = 100;
const MANY = 5_000;
const PAGE = 100;
const CREATED_AT_ONCE = 2;

export async function measureReads(client: ShoalClient, progress: (line: string) => void, definitions = MANY) {
  const readProfile = await timesOf(PROFILE_READS, () =>
    client.request('GET', '/access/entities?entityId=probe-0&entityIdNS=CRMID'),
  );
  await fill(client, 0, FEW);
  const few = await pagesOf(client, FEW);
  progress(`making ${definitions} definitions`);
  await fill(client, FEW, definitions);
  const many = await pagesOf(client, definitions);
  return { readProfile, listDefinitions: { [FEW]: few, [definitions]: many } };
}

/** Inactive ones: what is listed is the same, sizes are looked for, and nobody has to evaluate them. */
async function fill(client: ShoalClient, from: number, to: number): Promise<void> {
  let next = from;
  const create = async () => {
    for (let index = next++; index < to; index = next++) {
      await client.request('POST', '/segment/definitions', {
        name: `Listed ${index}`,
        lifecycleState: 'inactive',
        folder: `Folder ${index % 50}`,
        tags: [`tag ${index % 20}`],
        expression: { type: 'PQL', format: 'pql/text', value: `person.age >= ${index % 100}` },
      });
    }
  };
  await Promise.all(Array.from({ length: CREATED_AT_ONCE }, create));
}

async function pagesOf(client: ShoalClient, definitions: number) {
  const page = (start: number, more = '') =>
    timesOf(LIST_READS, () =>
      client.request('GET', `/segment/definitions?sort=name:asc&limit=${PAGE}&start=${start}${more}`),
    );
  return {
    firstPage: await page(0),
    lastPage: await page(Math.max(0, definitions - PAGE)),
    searched: await page(0, '&search=listed%20age'),
  };
}

async function timesOf(reads: number, read: () => Promise<unknown>) {
  const times: number[] = [];
  for (let index = 0; index < WARM_UP + reads; index++) {
    const start = performance.now();
    await read();
    if (index >= WARM_UP) times.push(performance.now() - start);
  }
  return { count: times.length, ...quantiles(times) };
}
