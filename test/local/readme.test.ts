/** The session in the README is run as it stands there; what it prints must look as the README shows it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';

const root = join(import.meta.dirname, '../..');
const HEADING = '## A session, from draft to deletion';
const COMMAND_MS_MAX = 120_000;

interface Step {
  readonly command: string;
  readonly output: string;
}

/** `$ ` begins a command, `> ` goes on with it; what follows is its output. */
function stepsOf(block: string): readonly Step[] {
  return block.split(/^\$ /m).flatMap((part) => {
    if (part.trim() === '') return [];
    const lines = part.trimEnd().split('\n');
    const last = lines.findIndex((line, index) => index > 0 && !line.startsWith('> '));
    const end = last < 0 ? lines.length : last;
    const command = lines.slice(0, end).map((line, index) => (index === 0 ? line : line.slice(2)));
    return [{ command: command.join('\n'), output: lines.slice(end).join('\n').trim() }];
  });
}

function sessionInReadme(): readonly Step[] {
  const section = readFileSync(join(root, 'README.md'), 'utf8').split(HEADING)[1]?.split(/^## /m)[0] ?? '';
  const blocks = [...section.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  return blocks.flatMap(stepsOf);
}

/** What is another one at each run, and what depends on how far the walk after a publish is. */
const shapeOf = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<instant>')
    .replaceAll(/^took {6}[\d.]+ s$/gm, 'took      <seconds>')
    .replaceAll(/, (activating|active)$/gm, ', <activation>')
    .replaceAll(/^may be missing: .*\n?/gm, '')
    .trim();

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

async function outputOf(command: string): Promise<string> {
  const { SHOAL_URL: _url, SHOAL_TOKEN: _token, SHOAL_SANDBOX: _sandbox, ...env } = process.env;
  const folder = runner.homeFolder;
  const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const options = {
    cwd: root,
    timeout: COMMAND_MS_MAX,
    env: { ...env, PATH, SHOAL_DIR: folder, XDG_CONFIG_HOME: folder },
  };
  // A refusal is an output like any other.
  const { stdout } = await promisify(execFile)('bash', ['-c', command], options).catch((error) => error);
  return stdout;
}

test('the session has every step of a definition’s life', () => {
  const commands = sessionInReadme().map(({ command }) => command);
  for (const step of ['create', 'publish', 'preview', 'jobs start', 'members', 'explain', 'rollback', 'delete']) {
    expect(commands.some((command) => command.includes(step))).toBe(true);
  }
});

test('each command of the session prints what stands below it', async () => {
  for (const { command, output } of sessionInReadme()) {
    const printed = await outputOf(command);
    await client.untilIdle();
    expect(`$ ${command}\n${shapeOf(printed)}`).toBe(`$ ${command}\n${shapeOf(output)}`);
  }
}, 600_000);
