/** Previews and estimates of the whole service, through its public doors. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { EstimateResource, PreviewPage, PreviewResource } from '#shared/api/previews.ts';
import { eventually } from './support/eventually.ts';
import { record, shoeView } from './support/shoppers.ts';

let runner: ChildRunner;
let client: ShoalClient;

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
});

const PEOPLE = 120;
const LOOKED = 'xEvent[eventType = "commerce.productViews"].count()';

const ask = (body: object) => client.request<PreviewResource>('POST', '/preview', body);

test('what somebody is about to publish is counted, sampled, taken apart and compared before it is saved', async () => {
  const live = await client.createDefinition('twice', `${LOOKED} >= 2`);
  // Person n looks n % 4 times, and at least once.
  const views = Array.from({ length: PEOPLE }, (_, person) =>
    Array.from({ length: Math.max(1, person % 4) }, () => record(shoeView(`p${person}@example.com`))),
  ).flat();
  for (let start = 0; start < views.length; start += 100) await client.put(views.slice(start, start + 100));
  await eventually(
    async () => (await ask({ predicateExpression: `${LOOKED} >= 1` })).estimate.estimatedSize,
    (size) => size === PEOPLE,
  );
  await eventually(
    async () => (await ask({ predicateExpression: `${LOOKED} >= 3` })).estimate.estimatedSize,
    (size) => size === PEOPLE / 4,
  );

  const { previewId, estimate } = await ask({
    predicateExpression: `${LOOKED} >= 3 and person.age.isNull()`,
    compareWith: live,
    clauses: true,
    seed: 'edit-1',
  });
  const again = await client.request<EstimateResource>('GET', `/estimate/${previewId}`);
  const page = await client.request<PreviewPage>('GET', `/preview/${previewId}?limit=7&sample=leave`);

  expect(again).toEqual(estimate);
  expect(estimate).toMatchObject({
    ...{ state: 'RESULT_READY', exact: true, estimatedSize: 30, low: 30, high: 30, totalRows: PEOPLE },
    difference: { before: { estimatedSize: 60 }, enter: { estimatedSize: 0 }, leave: { estimatedSize: 30 } },
    overlap: [{ segmentId: live, name: 'twice', estimatedShared: 30, shareOfPreview: 1, shareOfSegment: 0.5 }],
    estimatedNamespaceDistribution: [{ namespaceId: 'Email', estimatedSize: 30 }],
  });
  expect(estimate.clauses?.map(({ alone, remaining, dropsAlone }) => [alone, remaining, dropsAlone])).toEqual([
    [30, 30, 90],
    [30, 30, 90],
    [PEOPLE, 30, 0],
  ]);
  expect(page.page).toMatchObject({ size: 7, totalCount: 30 });
  const [first] = page.results;
  const entity = await client.request<{ entityId: string; page: { totalCount: number } }>(
    'GET',
    String(first?._href).replace('/data/core/ups', ''),
  );
  expect(entity).toMatchObject({ entityId: first?.objectId, page: { totalCount: 2 } });
});

test('a preview is gone once it is deleted', async () => {
  const { previewId } = await ask({ predicateExpression: `${LOOKED} >= 1` });

  expect(await client.request('DELETE', `/preview/${previewId}`)).toMatchObject({ status: true });

  await expect(client.request('GET', `/estimate/${previewId}`)).rejects.toThrow(/404/);
});
