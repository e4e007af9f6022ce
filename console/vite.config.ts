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

export default defineConfig(({ command }) => ({
  root: import.meta.dirname,
  plugins: [react(), { ...optimizeLocales.vite({ locales: ['en-US', 'ko-KR'] }), enforce: 'pre' } as Plugin],
  build: { manifest: true, target: 'es2023', emptyOutDir: true, chunkSizeWarningLimit: 1000 },
  ...(command === 'serve' ? { server: besideRunningService() } : {}),
}));
