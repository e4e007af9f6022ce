/** How the console is built and, by `npm run console:dev`, served while it is worked on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const projectFolder = join(import.meta.dirname, '..');

/** Beside a running `npm start`: its API answers, and its token signs in. */
function besideRunningService(): UserConfig['server'] {
  const local = () => JSON.parse(readFileSync(join(projectFolder, '.shoal/local.json'), 'utf8')) as { apiUrl: string };
  try {
    const { apiUrl } = local();
    return { proxy: { '/data': apiUrl, '/config.json': apiUrl } };
  } catch {
    return {};
  }
}

const BASE = /node_modules\/(react|react-dom|scheduler|@tanstack)\/(?!.*(InfiniteQuer|infiniteQuer|[qQ]ueries))/;

/** What buttons and menus of every page rest on. */
const CONTROLS =
  /react-(aria|stately)\/dist\/private\/(focus|selection|collections|utils|interactions|ssr|i18n|button|menu)\/|@internationalized\/string\/|react-aria-components\/dist\/private\/(utils|Button|Menu|Popover|Collection)\./;

/** The rule as text and tree: for the builder, and for the page that shows a rule. */
const RULE =
  /src\/segment-builder\/(model|from-pql|read-\w+|source|to-pql|operations|effects|sentence|steps)\.ts|shared\/(kernel|pql)\//;

export default defineConfig(({ command }) => ({
  root: import.meta.dirname,
  plugins: [react(), { ...optimizeLocales.vite({ locales: ['en-US', 'ko-KR'] }), enforce: 'pre' } as Plugin],
  build: {
    manifest: true,
    target: 'es2023',
    emptyOutDir: true,
    chunkSizeWarningLimit: 1000,
    // What every page needs stays in one piece: cut up by who else needs what, it compresses worse.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', test: BASE },
            { name: 'controls', test: CONTROLS },
            { name: 'rule', test: RULE },
          ],
        },
      },
    },
  },
  ...(command === 'serve' ? { server: besideRunningService() } : {}),
}));
