/** History from a file, into the running service: the runnable examples of docs/import.md. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { eventually } from './support/eventually.ts';

const root = join(import.meta.dirname, '../..');
const examples = join(root, 'examples/import');
const folder = mkdtempSync(join(tmpdir(), 'shoal-import-'));
let runner: ChildRunner;
let client: ShoalClient;

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** In a folder of its own, for an import leaves files beside its source. */
function importFile(name: string, mapping: string, options: readonly string[] = []) {
  copyFileSync(join(examples, name), join(folder, name));
  const given = ['--file', join(folder, name), '--mapping', join(examples, mapping), ...options];
  return spawnSync(process.execPath, [join(root, 'scripts/import.ts'), ...given], {
    encoding: 'utf8',
    env: { ...process.env, SHOAL_DIR: runner.homeFolder, SHOAL_TOKEN: runner.local.token },
  });
}

const membersOf = async (segmentId: string): Promise<readonly string[]> => {
  const { changes } = await client.allChanges();
  const entered = changes.filter((change) => change.segmentId === segmentId && change.status === 'realized');
  return entered
    .map(({ identities }) => identities.find(({ namespace }) => namespace === 'CustomerId')?.id ?? '')
    .sort();
};

const becomes = (segmentId: string, members: readonly string[]) =>
  eventually(
    () => membersOf(segmentId),
    (seen) => JSON.stringify(seen) === JSON.stringify(members),
  );

test('rows of CSV become events on the stream, and a second import changes nothing', async () => {
  const bought = 'xEvent[eventType = "commerce.purchases" and commerce.order.priceTotal > 20]';
  const once = await client.createDefinition('bought', `${bought}.count() >= 1`);
  const twice = await client.createDefinition('bought twice', `${bought}.count() >= 2`);

  const { status, stdout, stderr } = importFile('orders.csv', 'orders.mapping.json');

  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/4 records sent, 2 rows rejected/);
  expect(existsSync(join(folder, 'orders.csv.rejected.jsonl'))).toBe(true);
  await becomes(once, ['c-17', 'c-18', 'c-19']);
  await becomes(twice, ['c-17']);

  importFile('orders.csv', 'orders.mapping.json');
  await client.untilIdle();
  expect(await membersOf(twice)).toEqual(['c-17']);
  expect(importFile('orders.csv', 'orders.mapping.json', ['--resume']).stdout).toMatch(
    /going on after line 7[\s\S]*4 records/,
  );
});

test('rows of JSON Lines become profile records over HTTP', async () => {
  const gold = await client.createDefinition(
    'gold in Austria',
    'loyalty.tier = "gold" and homeAddress.countryCode = "AT"',
  );

  const { status, stdout } = importFile('customers.jsonl', 'customers.mapping.json', ['--api', runner.local.apiUrl]);

  expect({ status, stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/2 records sent, 0 rows rejected/),
  });
  await becomes(gold, ['c-17']);
});

test('a file that is not there, and a mapping that is none, are told in a sentence', () => {
  const given = ['--file', 'nothing.csv', '--mapping', join(examples, 'orders.mapping.json')];
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/import.ts'), ...given, '--dry-run'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'nothing.csv is not there\n' });
});
