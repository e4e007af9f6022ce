/** The words of the builder: apart from the others, and of one language only, so that nobody waits for what they don't read. */
import { use } from 'react';
import type { Language } from '../app/preferences.ts';
import type { BuilderMessages } from './en-builder.ts';
import { useSpeech } from './language.tsx';

const LOADERS: Readonly<Record<Language, () => Promise<{ readonly builder: BuilderMessages }>>> = {
  en: () => import('./en-builder.ts'),
  ko: () => import('./ko-builder.ts'),
};

const loaded = new Map<Language, Promise<BuilderMessages>>();

function load(language: Language): Promise<BuilderMessages> {
  const known = loaded.get(language);
  if (known !== undefined) return known;
  const loading = LOADERS[language]().then(({ builder }) => builder);
  loaded.set(language, loading);
  // Asked for again when it failed, as a part that could not be loaded is.
  loading.catch(() => loaded.delete(language));
  return loading;
}

export const useBuilderMessages = (): BuilderMessages => use(load(useSpeech().language));
