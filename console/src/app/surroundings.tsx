/** What every page is given: the API of the chosen sandbox, the session, and what the reader prefers. */
import { createContext, use } from 'react';
import type { ApiClient } from '../api-client.ts';
import type { ConsoleConfig } from './config.ts';
import type { Preferences } from './preferences.ts';
import type { Session } from './sign-in.ts';

export interface Surroundings {
  readonly config: ConsoleConfig;
  readonly session: Session;
  readonly api: ApiClient;
  readonly preferences: Preferences;
  prefer(change: Partial<Preferences>): void;
  chooseSandbox(name: string): void;
}

const SurroundingsContext = createContext<Surroundings | undefined>(undefined);
export const SurroundingsProvider = SurroundingsContext;

export function useSurroundings(): Surroundings {
  const surroundings = use(SurroundingsContext);
  if (surroundings === undefined) throw new Error('a page stands outside of the app');
  return surroundings;
}

export const useApi = (): ApiClient => useSurroundings().api;
