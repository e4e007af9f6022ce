/** The whole console in a simulated page, over an API that answers from a table. */
import { configure, render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { vi } from 'vitest';
import { App } from '#console/src/app/App.tsx';

// Pages are loaded when they are shown, which takes a busy machine longer than the second that is waited otherwise.
configure({ asyncUtilTimeout: 20_000 });

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Headers;
}

/** By `METHOD /path` below the base path, or by method and a path's beginning ending in `*`. */
export type Answers = Readonly<Record<string, (call: Call) => unknown>>;

export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body;
  }
}

const BASE = '/data/core/ups';

export function renderApp(address: string, answers: Answers) {
  localStorage.setItem('shoal.preferences', JSON.stringify({ language: 'en', theme: 'light' }));
  window.history.replaceState(null, '', address);
  const calls: Call[] = [];
  vi.stubGlobal('scrollTo', () => {});
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const { pathname } = new URL(url, 'http://console.test');
    const call = {
      method: init.method ?? 'GET',
      path: pathname.replace(BASE, ''),
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
      headers: new Headers(init.headers),
    };
    calls.push(call);
    return respond(answers, call);
  });
  const config = { apiUrl: '', sandboxes: ['prod'], signIn: { kind: 'token', token: 'a-token' } } as const;
  const session = {
    token: async () => 'a-token',
    refused: () => {},
    signOut: () => {},
    isSignedOutPossible: false,
  };
  return { ...render(<App config={config} session={session} />), user: userEvent.setup(), calls };
}

function respond(answers: Answers, call: Call): Response {
  const key = `${call.method} ${call.path}`;
  const wildcard = Object.keys(answers).find((name) => name.endsWith('*') && key.startsWith(name.slice(0, -1)));
  const answer = answers[key] ?? answers[wildcard ?? ''];
  if (answer === undefined) return Response.json({ detail: `nothing answers ${key}` }, { status: 404 });
  try {
    const body = answer(call);
    return Response.json(body, { headers: { etag: '"1"' } });
  } catch (error) {
    if (error instanceof Refusal) return Response.json(error.body, { status: error.status });
    throw error;
  }
}
