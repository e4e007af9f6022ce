/** Starting and stopping: state that survives, clocks that are shifted, ports that are taken. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { type Change, ShoalClient } from '#local/client.ts';
import { eventually } from './support/eventually.ts';
import { record, shoeView } from './support/shoppers.ts';

const folders: string[] = [];
const runners: ChildRunner[] = [];

afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-data-'));
  folders.push(folder);
  return folder;
}

async function start(...options: string[]): Promise<ChildRunner> {
  const runner = await startChildRunner({ options: ['--no-demo', ...options] });
  runners.push(runner);
  return runner;
}

async function stop(runner: ChildRunner, signal?: 'SIGINT' | 'SIGTERM'): Promise<number | null> {
  runners.splice(runners.indexOf(runner), 1);
  return runner.stop(signal);
}

const feed = async (client: ShoalClient): Promise<readonly Change[]> => (await client.allChanges()).changes;

test('with --data, definitions, profiles and changes are there again, and what was due meanwhile happens', async () => {
  const data = newFolder();
  const first = await start('--data', data);
  const before = new ShoalClient(first.local);
  await before.createDefinition('lookers', 'xEvent[timestamp occurs <= 8 seconds before now].count() >= 1');
  await before.put([record(shoeView('kept@example.com'))]);
  const realized = await eventually(
    () => feed(before),
    (changes) => changes.length === 1,
  );
  before.close();

  expect(await stop(first, 'SIGINT')).toBe(0);
  const second = await start('--data', data);
  const after = new ShoalClient(second.local);
  const changes = await eventually(
    () => feed(after),
    (found) => found.length === 2,
  );
  after.close();

  expect(changes[0]).toEqual(realized[0]);
  expect(changes[1]).toMatchObject({ status: 'exited', cause: 'time', profileId: realized[0]?.profileId });
});

test('a folder is used by one runner at a time', async () => {
  const data = newFolder();
  await start('--data', data);

  await expect(start('--data', data)).rejects.toThrow(/in use by another runner/);
});

test('with --clock, the service lives in another year', async () => {
  const runner = await start('--clock', '1998-07-01T00:00:00Z');
  const client = new ShoalClient(runner.local);
  await client.createDefinition('lookers', 'xEvent[timestamp occurs <= 30 days before now].count() >= 1');

  await client.put([record(shoeView('then@example.com', { timestamp: '1998-06-20T12:00:00Z' }))]);
  const [change] = await eventually(
    () => feed(client),
    (changes) => changes.length === 1,
  );
  client.close();

  expect(change?.time.slice(0, 10)).toBe('1998-07-01');
});

test('two runners side by side share nothing', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  const clients = [new ShoalClient(one.local), new ShoalClient(two.local)];
  await clients[0]?.createDefinition('only here', 'xEvent[eventType = "any"].count() >= 1');

  const lists = clients.map((client) => client.request<{ segments: unknown[] }>('GET', '/segment/definitions'));

  expect((await Promise.all(lists)).map(({ segments }) => segments.length)).toEqual([1, 0]);
});

test('what is stopped leaves nothing behind', async () => {
  const runner = await start();
  const { pid } = runner.local;

  expect(await stop(runner, 'SIGTERM')).toBe(0);
  const left = (folder: string) => readdirSync(folder).filter((name) => name.startsWith(`shoal-temporary-${pid}-`));
  expect([...left(tmpdir()), ...(process.platform === 'linux' ? left('/dev/shm') : [])]).toEqual([]);
});

test('a port that is taken is named, with what to do', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as net.AddressInfo;

  expect(await run('--no-demo', '--port', String(port))).toEqual({
    code: 1,
    errors: expect.stringContaining(`port ${port} is taken`),
  });
  server.close();
});

test('a wrong option is told with the usage, before anything is started', async () => {
  expect(await run('--clock', 'noon')).toEqual({ code: 2, errors: expect.stringContaining('--clock noon') });
});

function run(...options: string[]): Promise<{ code: number | null; errors: string }> {
  const main = resolve(import.meta.dirname, '../../local/main.ts');
  const env = { ...process.env, SHOAL_DIR: newFolder() };
  const child = spawn(process.execPath, [main, ...options], { env });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  return new Promise((done) => child.once('exit', (code) => done({ code, errors })));
}
