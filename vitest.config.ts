import { defineConfig } from 'vitest/config';

const project = (name: string, folders: readonly string[], testTimeout: number) => ({
  test: {
    name,
    include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
    testTimeout,
    hookTimeout: testTimeout,
  },
});

export default defineConfig({
  test: {
    // Most of what the tests of the local service take is waiting for its clock.
    maxWorkers: 4,
    projects: [
      project('core', ['architecture', 'unit', 'conformance', 'property', 'scenario'], 60_000),
      project('simulation', ['simulation'], 300_000),
      project('infra', ['infra'], 180_000),
      project('local', ['contract', 'local'], 180_000),
      {
        oxc: { jsx: { runtime: 'automatic' } },
        test: {
          name: 'console',
          include: ['test/console/**/*.test.tsx'],
          environment: 'happy-dom',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      project('browser', ['browser'], 180_000),
    ],
  },
});
