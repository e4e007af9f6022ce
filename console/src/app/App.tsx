import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { ApiClient, ApiError } from '../api-client.ts';
import { LanguageProvider, LOCALES } from '../messages/language.tsx';
import { Toasts } from '../ui/toasts.tsx';
import type { ConsoleConfig } from './config.ts';
import { applyPreferences, keepPreferences, type Preferences, readPreferences } from './preferences.ts';
import { createAppRouter } from './router.tsx';
import type { Session } from './sign-in.ts';
import { SurroundingsProvider } from './surroundings.tsx';

interface Props {
  readonly config: ConsoleConfig;
  readonly session: Session;
}

const SANDBOX = 'shoal.sandbox';
const STALE_MS = 5_000;

export function App({ config, session }: Props) {
  const [preferences, setPreferences] = useState<Preferences>(readPreferences);
  const [sandbox, setSandbox] = useState(() => firstSandbox(config));
  const prefer = useCallback(
    (change: Partial<Preferences>) => setPreferences((before) => ({ ...before, ...change })),
    [],
  );
  useEffect(() => {
    applyPreferences(preferences);
    keepPreferences(preferences);
  }, [preferences]);
  // Another sandbox is another world: nothing that was read in one may show in the other.
  const { api, queries, router } = useMemo(() => {
    const client = new ApiClient({ apiUrl: config.apiUrl, sandbox, session });
    return { api: client, queries: createQueryClient(), router: createAppRouter() };
  }, [config, sandbox, session]);
  const chooseSandbox = useCallback((name: string) => {
    sessionStorage.setItem(SANDBOX, name);
    setSandbox(name);
  }, []);
  const surroundings = useMemo(
    () => ({ config, session, api, preferences, prefer, chooseSandbox }),
    [config, session, api, preferences, prefer, chooseSandbox],
  );
  return (
    <SurroundingsProvider value={surroundings}>
      <I18nProvider locale={LOCALES[preferences.language] === 'ko-KR' ? 'ko-KR' : 'en-US'}>
        <LanguageProvider language={preferences.language}>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
            <Toasts />
          </QueryClientProvider>
        </LanguageProvider>
      </I18nProvider>
    </SurroundingsProvider>
  );
}

function firstSandbox({ sandboxes }: ConsoleConfig): string {
  const kept = sessionStorage.getItem(SANDBOX);
  return kept !== null && sandboxes.includes(kept) ? kept : (sandboxes[0] ?? 'prod');
}

/** What was refused is refused again; what could not be reached may be reachable now. */
const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
