/** Starts the console: where is the API, who is signed in, then the pages. */
import './theme.css';
import '../ui/ui.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { CATALOGUES } from '../messages/language.tsx';
import { App } from './App.tsx';
import { loadConfig } from './config.ts';
import { applyPreferences, readPreferences } from './preferences.ts';
import { openSession } from './sign-in.ts';

const root = createRoot(document.getElementById('root') as HTMLElement);
applyPreferences(readPreferences());

try {
  const config = await loadConfig();
  const session = await openSession(config.signIn);
  root.render(
    <StrictMode>
      <App config={config} session={session} />
    </StrictMode>,
  );
} catch (error) {
  const { app } = CATALOGUES[readPreferences().language];
  root.render(
    <main className="start-failure">
      <h1>{app.cannotStart}</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <a href="/">{app.tryAgain}</a>
    </main>,
  );
}
