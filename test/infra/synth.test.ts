import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { functionNames } from './stage.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'shoal-synth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nothing of the caller's environment that could hold credentials: no home, no AWS_… variable. */
function synthesize(): void {
  execFileSync(join(root, 'node_modules/.bin/cdk'), ['synth', '--quiet', '--output', join(folder, 'cdk.out')], {
    cwd: root,
    env: {
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    stdio: 'pipe',
  });
}

test('the stacks are synthesized and every function bundled without AWS credentials', () => {
  synthesize();

  const files = readdirSync(join(folder, 'cdk.out'));
  expect(files).toEqual(expect.arrayContaining(['shoal-dev-data.template.json', 'shoal-dev-service.template.json']));
  // What is no function is the console, packed.
  const isFunction = (asset: string) => existsSync(join(folder, 'cdk.out', asset, 'index.mjs'));
  const bundles = files.filter((file) => file.startsWith('asset.') && isFunction(file));
  expect(bundles).toHaveLength(functionNames.length);
  for (const bundle of bundles) {
    expect(readdirSync(join(folder, 'cdk.out', bundle)).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    const code = readFileSync(join(folder, 'cdk.out', bundle, 'index.mjs'), 'utf8');
    // The SDK is part of the runtime; bundled by accident it would double the start of every function.
    expect(code.length).toBeLessThan(600_000);
    // `import { z } from 'zod'` would carry its messages in sixty languages: 370 kB more in every function.
    expect(code).not.toContain('Ungültige Eingabe');
  }
});
